import { request } from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Repositories } from '../../bin/mcp/repositories.ts'
import { type HttpServer, serveHttp } from '../../bin/mcp/serve-http.ts'
import { scratchRepo } from '../repo/scratch-repo.ts'
import { ask } from './connect.ts'

const bugs: unknown[] = []
const repositories = new Repositories()
const options = () => ({
  version: '0',
  repositories,
  folder: root,
  onBug: (error: unknown) => {
    bugs.push(error)
  },
})
let root: string
let server: HttpServer
beforeAll(async () => {
  root = scratchRepo({ 'src/vat.ts': 'export function vat(): number {\n  return 7\n}\n' })
  server = await serveHttp(options(), 0)
})
afterAll(async () => {
  await server.close()
  await repositories.close()
})

const BODY = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })

function post(headers: Readonly<Record<string, string>>, { path = '/mcp', body = BODY } = {}): Promise<number> {
  const { port } = new URL(server.url)
  const all = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers }
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers: all }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

test('only requests of this machine that carry the token are served', async () => {
  const authorization = `Bearer ${server.token}`
  expect(await post({ authorization })).toBe(200)
  expect(await post({})).toBe(401)
  expect(await post({ authorization: `${authorization}x` })).toBe(401)
  expect(await post({ authorization, host: 'evil.example' })).toBe(403)
  expect(await post({ authorization, origin: 'https://evil.example' })).toBe(403)
  expect(await post({ authorization, origin: 'null' })).toBe(403)
  expect(await post({ authorization, origin: 'http://localhost:5173' })).toBe(200)
  expect(await post({ authorization }, { path: '/' })).toBe(404)
  expect(await post({ authorization }, { body: 'x'.repeat(17_000_000) })).toBe(413)
  expect(await post({ authorization }, { body: '{' })).toBe(400)
})

test.each(['legacy', 'auto'] as const)(
  'two clients of the %s versions are served at once; one that goes away does no harm',
  async (mode) => {
    const connected = await Promise.all(
      [1, 2].map(async () => {
        const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
        const headers = { authorization: `Bearer ${server.token}` }
        await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers } }))
        return client
      }),
    )
    const [gone, stays] = connected as [Client, Client]
    const lost = ask(gone, 'find', { text: 'vat' }).catch(() => 'lost')
    await gone.close()
    expect(await ask(stays, 'find', { text: 'vat' })).toContain('src/vat.ts:1-3')
    await lost
    await stays.close()
    expect(bugs).toEqual([])
  },
)

test('a port that is in use is named', async () => {
  const port = Number(new URL(server.url).port)
  await expect(serveHttp(options(), port)).rejects.toThrow(`port ${port} is in use`)
})

test.each(['//', 'http://', '//['])('an address that is none (%s) is refused, and is no fault', async (path) => {
  expect(await post({}, { path })).toBe(400)
  expect(bugs).toEqual([])
})
