/** The configuration with which a client starts the server. */
interface ClientConfig {
  readonly name: string
  /** Where the text goes, in words. */
  readonly place: string
  /** Another way, if the client has a command for it. */
  readonly orRun?: string
  readonly write: (start: Start) => string
}

/** A program and its arguments. */
export interface Start {
  readonly command: string
  readonly args: readonly string[]
}

/** Each as in the client's own documentation; docs/mcp.md links to the pages. */
export const CLIENT_CONFIGS: Readonly<Record<string, ClientConfig>> = {
  claude: {
    name: 'Claude Code',
    place: '.mcp.json at the top of the repository',
    orRun: 'claude mcp add repose -- repose mcp',
    write: (start) => json({ mcpServers: { repose: start } }),
  },
  cursor: {
    name: 'Cursor',
    place: '.cursor/mcp.json in the repository, or ~/.cursor/mcp.json for all',
    write: (start) => json({ mcpServers: { repose: start } }),
  },
  vscode: {
    name: 'VS Code',
    place: '.vscode/mcp.json in the repository',
    write: (start) => json({ servers: { repose: { type: 'stdio', ...start } } }),
  },
  codex: {
    name: 'Codex',
    place: '~/.codex/config.toml, or .codex/config.toml in a repository that you trust',
    orRun: 'codex mcp add repose -- repose mcp',
    // a JSON string of printable characters is a basic string of TOML
    write: ({ command, args }) =>
      `[mcp_servers.repose]\ncommand = ${JSON.stringify(command)}\nargs = [${args.map((one) => JSON.stringify(one)).join(', ')}]`,
  },
  zed: {
    name: 'Zed',
    place: 'settings.json (zed: open settings file)',
    write: (start) => json({ context_servers: { repose: { ...start, env: {} } } }),
  },
  gemini: {
    name: 'Gemini CLI',
    place: '.gemini/settings.json in the repository, or ~/.gemini/settings.json for all',
    orRun: 'gemini mcp add repose repose mcp',
    write: (start) => json({ mcpServers: { repose: start } }),
  },
}

function json(value: object): string {
  return JSON.stringify(value, null, 2)
}
