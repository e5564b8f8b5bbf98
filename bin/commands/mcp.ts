import type { Command } from '../command.ts'

export const mcp: Command = {
  name: 'mcp',
  summary: 'serve the repository to other agents, by the Model Context Protocol',
  details:
    'Speaks the protocol on standard input and output, as clients expect that start it themselves; --print-config prints what to put into their configuration. Serves the repositories of the folders that the client names (its roots), else the one of this folder. Every tool only reads. No model is asked.',
  options: [],
  examples: ['repose mcp'],
  async run(wire) {
    const [{ serveStdio }, { Repositories }, { readAsset }, { loadChunks }] = await Promise.all([
      import('../mcp/serve-stdio.ts'),
      import('../mcp/repositories.ts'),
      import('../../src/assets.ts'),
      import('../load-chunks.ts'),
    ])
    if (process.stdin.isTTY) wire.say('waiting for a client on standard input; Ctrl-C ends it')
    const { version } = JSON.parse(readAsset('package.json')) as { version: string }
    const repositories = new Repositories(wire.flags.db)
    const onBug = (error: unknown) => wire.say(`fault: ${error instanceof Error ? error.stack : String(error)}`)
    const isNamed = wire.flags.repo !== '.'
    setTimeout(() => void loadChunks(), LOAD_MS).unref()
    try {
      const options = { version, repositories, onBug, folder: wire.flags.repo, usesRoots: !isNamed }
      await serveStdio(options, wire.signal)
    } finally {
      await repositories.close()
    }
    return 0
  },
}

const LOAD_MS = 5000 // after the first answers
