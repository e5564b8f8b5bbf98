import { StdioServerTransport, serveStdio as serve } from '@modelcontextprotocol/server/stdio'
import { ClientFolders } from './client-folders.ts'
import { makeServer, type ServerOptions } from './make-server.ts'

const MOST_BYTES = 64_000_000 // of one message; a longer one closes the connection

/** Serves one client on standard input and output, until it closes them or the signal aborts. */
export async function serveStdio(
  options: Omit<ServerOptions, 'folders' | 'era'> & { readonly folder: string; readonly usesRoots: boolean },
  signal: AbortSignal,
): Promise<void> {
  const folders = new ClientFolders(options.folder, options.usesRoots)
  const { stdin, stdout } = process
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stdin.once(event, resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const handle = serve(({ era }) => makeServer({ ...options, era, folders }), {
    transport: new StdioServerTransport(stdin, stdout, { maxBufferSize: MOST_BYTES }),
  })
  await ended
  await handle.close()
}
