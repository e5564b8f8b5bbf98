import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server'
import { UserError } from '../../src/errors.ts'
import { ClientFolders } from './client-folders.ts'
import { makeServer, type ServerOptions } from './make-server.ts'

/** A server that listens. */
export interface HttpServer {
  readonly url: string
  /** What each request must carry: 'Authorization: Bearer ...'. */
  readonly token: string
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const PATH = '/mcp'
const TOKEN_BYTES = 32
const MOST_BYTES = 16_000_000 // of a request

/**
 * Serves any number of clients by streamable HTTP, on this machine only. Each request must carry the token, which is new at each start. Its
 * Host and Origin must be of this machine, so that no web page reaches the server by DNS rebinding. Clients cannot choose other folders.
 * Throws UserError if the port is taken.
 */
export async function serveHttp(
  options: Omit<ServerOptions, 'folders' | 'era'> & { readonly folder: string },
  port: number,
): Promise<HttpServer> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const folders = new ClientFolders(options.folder, false)
  const handler = createMcpHandler(({ era }) => makeServer({ ...options, era, folders }), {
    maxRequestBodySize: MOST_BYTES,
  })
  const answer = async (request: Request): Promise<Response> =>
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins()) ??
    (hasToken(request, token) ? null : new Response('the token of the start line is missing\n', UNAUTHORIZED)) ??
    (new URL(request.url).pathname === PATH
      ? handler.fetch(request)
      : new Response(`only ${PATH} is served\n`, { status: 404 }))
  const server = createServer((req, res) => {
    reply(req, res, answer).catch((error: unknown) => {
      if (!isGone(error)) options.onBug(error)
      if (!res.headersSent) res.writeHead(500)
      res.end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? taken(port, error) : error),
    )
    server.listen(port, LOOPBACK, resolve)
  })
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}${PATH}`,
    token,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      await handler.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const UNAUTHORIZED = { status: 401, headers: { 'www-authenticate': 'Bearer realm="repose"' } }

/** Compares digests, so that the time taken says nothing of the token. */
function hasToken(request: Request, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(request.headers.get('authorization') ?? ''), digest(`Bearer ${token}`))
}

function taken(port: number, cause: unknown): UserError {
  return new UserError(`port ${port} is in use`, 'name another with --port, or end the server that uses it', {
    exitCode: 1,
    cause,
  })
}

/** Passes a request of Node to a handler with the Fetch API, and its response back. If the client goes away, the request is aborted. */
async function reply(
  req: IncomingMessage,
  res: ServerResponse,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one)
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD'
  const body = hasBody ? (Readable.toWeb(req) as unknown as ReadableStream) : null
  const init = { method: req.method ?? 'GET', headers, body, duplex: 'half' as const, signal: gone.signal }
  const asked = requestOf(req.url ?? '/', init)
  const response = asked ? await answer(asked) : new Response('this is no request that can be read\n', { status: 400 })
  res.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body) await pipeline(Readable.fromWeb(response.body as never), res)
  else res.end()
}

/** null: the address is none, or the method is one that the web's requests cannot have (TRACE). */
function requestOf(address: string, init: RequestInit): Request | null {
  try {
    return new Request(new URL(address, `http://${LOOPBACK}`), init)
  } catch {
    return null
  }
}

function isGone(error: unknown): boolean {
  const { name, code } = error as NodeJS.ErrnoException
  return name === 'AbortError' || /^(ERR_STREAM_PREMATURE_CLOSE|ECONNRESET|EPIPE|ABORT_ERR)$/.test(code ?? '')
}
