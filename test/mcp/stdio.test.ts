import { type ChildProcessWithoutNullStreams as Child, spawn } from 'node:child_process'
import { chmodSync, chownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { expect, test } from 'vitest'
import { CLIENT_CONFIGS } from '../../bin/mcp/client-configs.ts'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { damageOf, openDb } from '../../src/store/db.ts'
import { copyFixture } from '../helpers/fixture-repo.ts'
import { runRepose } from '../helpers/run-repose.ts'

const line = (message: object) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`
const OPENING =
  line({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'old', version: '1' } },
  }) + line({ method: 'notifications/initialized' })
const call = (id: number, name: string, args: object) =>
  line({ id, method: 'tools/call', params: { name, arguments: args, _meta: { progressToken: id } } })

const answerTo = (id: number) => `"id":${id}`

/** Sends lines, and closes the input, or does something else, when `until` has come. */
function talk(
  cwd: string,
  lines: string,
  until: string,
  { act = (child) => void child.stdin.end(), ...more }: { uid?: number; act?: (child: Child) => void } = {},
) {
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), 'mcp'], { cwd, ...more })
  child.stdin.on('error', () => {}) // it may end before it has read all
  child.stdin.write(OPENING + lines)
  let [stdout, stderr] = ['', '']
  child.stderr.on('data', (data) => {
    stderr += data
  })
  child.stdout.on('data', (data) => {
    stdout += data
    if (stdout.includes(until)) act(child)
  })
  return new Promise<{ code: number | null; messages: Message[]; stderr: string }>((resolve) =>
    child.on('close', (code) =>
      resolve({
        code,
        stderr,
        messages: stdout
          .split('\n')
          .filter(Boolean)
          .map((text) => JSON.parse(text) as Message),
      }),
    ),
  )
}

interface Message {
  readonly jsonrpc: string
  readonly id?: number
  readonly result?: { readonly protocolVersion?: string; readonly content?: readonly { readonly text: string }[] }
}

test('standard output holds nothing but the protocol, also for a client of the oldest version and after nonsense', async () => {
  const shop = await copyFixture('bookshop-ts')
  const lines = `nonsense\n{}\n[]\n${call(1, 'prepare_change', { request: 'Add a CSV format' })}${call(2, 'find', { text: 'vat' })}`
  const { code, messages, stderr } = await talk(shop.root, lines, answerTo(2))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(messages.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true)
  expect(messages.find(({ id }) => id === 0)!.result!.protocolVersion).toBe('2024-11-05')
  expect(messages.find(({ id }) => id === 1)!.result!.content![0]!.text).toContain('src/formatters/index.ts')
  await shop.dispose()
})

test('a client that floods the server with requests holds up no Ctrl-C', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  const lines = Array.from({ length: 20_000 }, (_, i) => line({ id: i + 1, method: 'tools/list' })).join('')
  let interruptedAt = 0
  const act = (child: Child) => {
    if (interruptedAt === 0) child.kill('SIGINT')
    interruptedAt ||= Date.now()
  }
  const { code } = await talk(shop.root, lines, answerTo(1), { act })
  expect([code, Date.now() - interruptedAt < 3000]).toEqual([130, true]) // a busy machine takes longer than a second
  await shop.dispose()
}, 60_000)

test('a server that is killed, or whose client goes away, in the first index leaves a sound database', async () => {
  const ferry = await copyFixture('ferry-py')
  const lines = call(1, 'find', { text: 'ferry' })
  await talk(ferry.root, lines, 'progress', { act: (child) => child.kill('SIGKILL') })
  expect((await talk(ferry.root, lines, 'progress')).code).toBe(0)
  const { messages } = await talk(ferry.root, lines, answerTo(1))
  expect(messages.find(({ id }) => id === 1)!.result!.content![0]!.text).toContain('ferry')
  const db = openDb(join(ferry.root, '.git/repose/repose.db'))
  expect(damageOf(db)).toEqual([])
  db.close()
  await ferry.dispose()
})

const NOBODY = 65_534

test.skipIf(process.platform === 'win32')('a git folder that cannot be written is read all the same', async () => {
  const shop = await copyFixture('bookshop-ts')
  const isRoot = process.getuid!() === 0 // may write anything: the server runs as somebody else
  for (const path of isRoot ? ['', ...readdirSync(shop.root, { recursive: true, encoding: 'utf8' })] : [])
    chownSync(join(shop.root, path), NOBODY, NOBODY)
  await runRepose(['index'], { cwd: shop.root })
  const gitFolder = join(shop.root, '.git')
  const folders = ['', ...readdirSync(gitFolder, { recursive: true, encoding: 'utf8' })]
  for (const path of folders) chmodSync(join(gitFolder, path), 0o555)
  const more = isRoot ? { uid: NOBODY } : {}
  const { messages, stderr } = await talk(shop.root, call(1, 'find', { text: 'vat' }), answerTo(1), more)
  expect(stderr).toBe('')
  expect(messages.find(({ id }) => id === 1)!.result!.content![0]!.text).toContain('src/vat.ts')
  for (const path of folders) chmodSync(join(gitFolder, path), 0o755)
  await shop.dispose()
})

test('what connects a client is printed alone, and no file is written', async () => {
  const { code, stdout, stderr } = await runRepose(['mcp', '--print-config', 'vscode'], { cwd: PACKAGE_ROOT })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    servers: { repose: { type: 'stdio', args: [expect.any(String), 'mcp'] } },
  })
  expect(stderr).toMatch(/^for VS Code: \.vscode\/mcp\.json in the repository\n/)
})

test.each(Object.entries(CLIENT_CONFIGS))('the configuration of %s starts the server', (client, { write }) => {
  const start = { command: 'C:\\Program Files\\"node".exe', args: ['mcp'] }
  const text = write(start)
  const config = (client === 'codex' ? parse(text) : JSON.parse(text)) as Record<string, Record<string, object>>
  const section = { vscode: 'servers', codex: 'mcp_servers', zed: 'context_servers' }[client] ?? 'mcpServers'
  expect(config[section]!.repose).toMatchObject(start)
})
