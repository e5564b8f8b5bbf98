import { UserError } from '../../src/errors.ts'
import type { Command, ExitCode, Values } from '../command.ts'
import { count } from '../format.ts'
import type { Implementing } from '../mcp/implementing.ts'
import type { ServerOptions } from '../mcp/make-server.ts'
import type { Wire } from '../wire.ts'
import { limitOptions, MODEL_OPTION } from './options.ts'

const PORT = 7337
const WAIT_S = 50
const BUDGET_TOKENS = 1_000_000
const PARSER_MS = 60_000 // an agent asks and edits by turns
const CLIENTS = ['claude', 'cursor', 'vscode', 'codex', 'zed', 'gemini']

export const mcp: Command = {
  name: 'mcp',
  summary: 'serve the repository to other agents, by the Model Context Protocol',
  details:
    'Speaks the protocol on standard input and output, for clients that start it themselves; --print-config prints what to put into their configuration. Serves the repositories of the folders that the client names (its roots), else the one of this folder, or of --repo. The tools only read, and ask no model. --implement adds a tool that makes a whole change in the working tree, as repose implement does, with the configured model: an agent that delegates its changes needs far fewer tokens. With --http, clients of this machine connect to a port, with the token that is printed at the start.',
  options: [
    {
      flags: '--print-config <client>',
      text: `print the configuration that connects this client, and change no file: ${CLIENTS.join(', ')}`,
      choices: CLIENTS,
    },
    {
      flags: '--implement',
      text: 'let agents delegate whole changes: the configured model makes them, and you pay for it',
    },
    {
      flags: '--wait <n>',
      text: `with --implement: seconds that a call waits for its change; then it answers that the work goes on, and the agent calls again (default: ${WAIT_S}; some clients give up after a minute)`,
      kind: 'integer',
      most: 86_400,
    },
    ...limitOptions(
      `with --implement: tokens of all changes together (default: ${count(BUDGET_TOKENS)})`,
      'with --implement: US dollars that all changes together may cost',
    ),
    MODEL_OPTION,
    { flags: '--http', text: 'serve streamable HTTP on 127.0.0.1 instead' },
    {
      flags: '--port <n>',
      text: `with --http: the port (default: ${PORT}); 0 takes a free one`,
      kind: 'integer',
      most: 65_535,
    },
  ],
  examples: [
    'repose mcp',
    'repose mcp --print-config claude',
    'repose mcp --implement --max-usd 2',
    'repose mcp --http --port 7337',
  ],
  async run(wire, _, values) {
    if (values.port !== undefined && !values.http)
      throw new UserError('--port goes with --http', 'add --http, or leave the port out')
    const limits = limitsOfImplement(values)
    if (limits.length > 0 && !values.implement)
      throw new UserError(`${limits[0]} goes with --implement`, `add --implement, or leave ${limits[0]} out`)
    if (values.printConfig !== undefined) {
      const { printConfig } = await import('../mcp/print-config.ts')
      printConfig(wire, String(values.printConfig), values.implement ? ['--implement', ...limits] : [])
      return 0
    }
    const [{ Repositories }, { readAsset }, { keepParsers }] = await Promise.all([
      import('../mcp/repositories.ts'),
      import('../../src/assets.ts'),
      import('../../src/parse/parser-process.ts'),
    ])
    const { version } = JSON.parse(readAsset('package.json')) as { version: string }
    const implementing = values.implement === true ? await toImplement(wire, values) : undefined
    const repositories = new Repositories(wire.flags)
    const onBug = (error: unknown) => wire.say(`fault: ${error instanceof Error ? error.stack : String(error)}`)
    if (values.http || wire.flags.repo !== '.') repositories.warm([wire.flags.repo])
    keepParsers(PARSER_MS)
    try {
      return await serve(wire, values, { version, repositories, implementing, onBug })
    } finally {
      implementing?.stop()
      await repositories.close()
      keepParsers(0)
    }
  },
}

/** The options that go with --implement, as arguments. */
function limitsOfImplement({ wait, budgetTokens, maxUsd, model }: Values): readonly string[] {
  const limits = Object.entries({ wait, 'budget-tokens': budgetTokens, 'max-usd': maxUsd, model })
  return limits.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]))
}

async function toImplement(wire: Wire, values: Values): Promise<Implementing> {
  const [{ openImplementing }, { limitsIn }, { readConfig }] = await Promise.all([
    import('../mcp/implementing.ts'),
    import('../limits.ts'),
    import('../../src/config/read-config.ts'),
  ])
  const { tokens = BUDGET_TOKENS, usd } = limitsIn(values)
  const config = await readConfig(wire.flags.repo, wire.flags)
  const implementing = await openImplementing(config, { tokens, usd }, Number(values.wait ?? WAIT_S) * 1000)
  const money = usd === undefined ? '' : ` and US$${usd}`
  wire.say(
    `agents can delegate changes: ${config.model} makes them, for at most ${count(tokens)} tokens${money} in all`,
  )
  return implementing
}

async function serve(
  wire: Wire,
  values: Values,
  options: Pick<ServerOptions, 'version' | 'repositories' | 'implementing' | 'onBug'>,
): Promise<ExitCode> {
  const { loadChunksSoon } = await import('../load-chunks.ts')
  loadChunksSoon(options.onBug)
  const folder = wire.flags.repo
  if (!values.http) {
    if (process.stdin.isTTY) wire.say('waiting for a client on standard input; Ctrl-C ends it')
    const { serveStdio } = await import('../mcp/serve-stdio.ts')
    await serveStdio({ ...options, folder, usesRoots: folder === '.' }, wire.signal)
    return 0
  }
  const { serveHttp } = await import('../mcp/serve-http.ts')
  const server = await serveHttp({ ...options, folder }, (values.port as number | undefined) ?? PORT)
  wire.printWhole(`${server.url}\nAuthorization: Bearer ${server.token}`)
  if (!wire.signal.aborted)
    await new Promise((resolve) => wire.signal.addEventListener('abort', resolve, { once: true }))
  await server.close()
  return 0
}
