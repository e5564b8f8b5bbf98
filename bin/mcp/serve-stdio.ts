import type { Transport } from '@modelcontextprotocol/server'
import { StdioServerTransport, serveStdio as serve } from '@modelcontextprotocol/server/stdio'
import { ClientFolders } from './client-folders.ts'
import { lineByLine } from './line-by-line.ts'
import { makeServer, type ServerOptions } from './make-server.ts'

export interface ConnectionOptions extends Omit<ServerOptions, 'folders' | 'era'> {
  /** Served if the client names no other folders, or may not. */
  readonly folder: string
  readonly usesRoots: boolean
}

const MOST_BYTES = 64_000_000 // of one message; a longer one closes the connection

/** Serves one client on standard input and output, until it closes them or the signal aborts. */
export async function serveStdio(options: ConnectionOptions, signal: AbortSignal): Promise<void> {
  const input = lineByLine(process.stdin)
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const connection = serveClient(
    options,
    new StdioServerTransport(input, process.stdout, { maxBufferSize: MOST_BYTES }),
  )
  await ended
  await connection.close()
}

/** Serves one client, of an older or a newer version of the protocol, until the connection closes. */
export function serveClient(options: ConnectionOptions, transport: Transport): { close(): Promise<void> } {
  const folders = new ClientFolders(options.folder, options.usesRoots)
  return serve(({ era }) => makeServer({ ...options, era, folders }), { transport })
}
