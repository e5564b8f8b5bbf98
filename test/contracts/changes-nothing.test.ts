import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { COMMANDS } from '../../bin/commands/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { folderState } from '../helpers/folder-state.ts'
import { reply, startModelServer } from '../helpers/model-server.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, sh } from '../repo/scratch-repo.ts'

const REQUEST = 'Add a CSV output format'

/** Dry runs. */
const DRY_RUNS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  clean: [
    ['clean', '--dry-run'],
    ['clean', '--dry-run', '--yes'],
    ['clean', '--unused', '--dry-run'],
    ['clean', '--unused', '--dry-run', '--yes'],
    ['clean', '--dry-run', '--db', 'other.db'],
  ],
  push: [['push', '--dry-run']],
  pull: [['pull', '--dry-run']],
  import: [['import', 'rows.jsonl', '--dry-run']],
  apply: [['apply', 'x.diff', '--dry-run']],
  undo: [['undo', '--dry-run']],
  sleep: [
    ['sleep', '--dry-run'],
    ['sleep', '--dry-run', '--json'],
  ],
  implement: [
    ['implement', REQUEST, '--dry-run', '--effort', 'low'],
    ['implement', REQUEST, '--dry-run', '--effort', 'low', '--json'],
  ],
}

/** Commands that only tell something. */
const READERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  init: [['init', '--print']],
  index: [['index']],
  context: [['context', REQUEST]],
  find: [['find', 'formatter']],
  export: [
    ['export', 'agents-md'],
    ['export', 'jsonl'],
  ],
  ask: [['ask', 'How is a formatter registered?', '--no-model']],
  status: [['status'], ['status', '--left-out'], ['status', '--recipes', '--json']],
  ledger: [['ledger']],
  receipts: [['receipts'], ['receipts', '--backtests']],
  backtest: [['backtest', '--limit', '2']],
  doctor: [['doctor']],
  clean: [['clean']],
  apply: [['apply', '--list']],
  undo: [['undo', '--list']],
  trust: [['trust', '--list']],
  hook: [['hook', 'status']],
  fleet: [['fleet', 'plan', 'repos.txt', '--budget', '1M']],
  check: [['check']],
  mcp: [['mcp', '--print-config', 'claude']],
  backlog: [['backlog'], ['backlog', 'list', '--all', '--json']],
  completion: [['completion', 'bash']],
  watch: [
    ['watch', 'status'],
    ['watch', 'logs'],
    ['watch', 'install'],
    ['watch', 'uninstall'],
  ],
}

// They do what they are told, and have no look that changes nothing.
const WRITERS = new Set(['sleep', 'implement', 'ci', 'push', 'pull', 'import'])

// SQLite's files beside the database come and go.
const BESIDE = /^\.git\/repose\/(repose\.db(-wal|-shm|\.past-wal|\.past-shm)|)$/
// An agent's run is in the ledger, and a backtest leaves a receipt and the cache of the past.
const KEPT: Readonly<Record<string, RegExp>> = {
  implement: /^\.git\/repose\/repose\.db$/,
  backtest: /^\.git\/repose\/repose\.db(\.past.*)?$/,
}
// A run's transcript stays. Its worktree comes and goes, and of it git keeps objects that nothing refers to and that it collects.
const OF_RUN = /^\.git\/(objects\/|repose\/transcripts$|worktrees$|$)/

let shop: FixtureRepo
let home: string
let temporary: string
const REPLIES = [
  'open src/vat.ts\nopen src/isbn.ts',
  '@@ create src/rates.ts\n<<<<<<< text\nexport const RATES = [8]\n>>>>>>> end\n@@ rename src/vat.ts -> src/taxes.ts\n@@ delete src/isbn.ts\n',
  'complete',
]

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runRepose(args, {
    cwd: shop.root,
    env: { ...homeAt(home), ...env },
  })

const homeAt = (folder: string) => ({
  HOME: folder,
  USERPROFILE: folder,
  XDG_CONFIG_HOME: join(folder, '.config'),
  ...Object.fromEntries(['TMPDIR', 'TMP', 'TEMP'].map((name) => [name, temporary])),
})

beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
  home = scratchFolder()
  temporary = scratchFolder()
  for (const folder of ['.config/repose', '.config/systemd/user']) mkdirSync(join(home, folder), { recursive: true })
  writeFileSync(join(home, '.config/repose/config.json'), '{"caps": {"dayTokens": 1000}}\n')
  await shop.write('repose.config.json', '{"checks": []}\n')
  await shop.write('src/extra.ts', 'export function extra() {}\n')
  await shop.write('.gitignore', 'node_modules/\n.env\n')
  await shop.write('.env', 'LEVEL=high\n')
  // a working tree that is gone, and a content that none holds any more: things to clean
  const second = join(scratchFolder(), 'second')
  sh(shop.root, 'worktree', 'add', '-q', second)
  await runRepose(['index'], { cwd: second })
  sh(shop.root, 'worktree', 'remove', '--force', second)
  await run(['sleep'])
  await run(['backtest', '--limit', '2'])
  await shop.remove('src/extra.ts')
  await shop.write('x.diff', `diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n`)
  await shop.write('repos.txt', '.\n')
  await shop.write('rows.jsonl', (await run(['export', 'jsonl'])).stdout)
  const remote = join(scratchFolder(), 'remote.git')
  sh(shop.root, 'init', '-q', '--bare', remote)
  sh(shop.root, 'remote', 'add', 'origin', remote)
  await shop.write('.git/repose/transcripts/one.jsonl', '{}\n')
  await shop.write('.git/repose/results/one.diff', 'diff --git a/x b/x\n')
  openStore(join(shop.root, 'other.db')).close()
  await run(['status'])
}, 120_000)
afterAll(() => shop.dispose())

const lines = (table: Readonly<Record<string, readonly (readonly string[])[]>>) =>
  Object.values(table).flatMap((all) => all.map((args) => [args.join(' '), args] as const))

async function statesAround(
  args: readonly string[],
  isLeftOut: (path: string) => boolean,
  env?: Readonly<Record<string, string>>,
) {
  const look = () => ({ repository: folderState(shop.root, isLeftOut), home: folderState(home) })
  const before = look()
  const done = await run(args, env)
  return { before, done, after: look() }
}

const mayChange = ([command]: readonly string[], path: string) =>
  BESIDE.test(path) || KEPT[command!]?.test(path) === true

describe('every command is looked at', () => {
  test('those with a dry run, and those that only tell something', () => {
    const dry = COMMANDS.filter(({ options }) => options.some(({ flags }) => flags.startsWith('--dry-run')))
    expect(Object.keys(DRY_RUNS).sort()).toEqual(dry.map(({ name }) => name).sort())
    for (const { name } of COMMANDS) expect(name in READERS || WRITERS.has(name), name).toBe(true)
  })
})

describe('a dry run changes nothing', () => {
  test.each(lines(DRY_RUNS))('%s', async (_, args) => {
    const isImplement = args[0] === 'implement'
    const server = await startModelServer(isImplement ? REPLIES.map((text) => reply(text)) : [])
    onTestFinished(() => server.close())
    const model = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test', REPOSE_MODEL: 'scripted' }
    const isLeftOut = (path: string) =>
      args[0] !== 'clean' && (mayChange(args, path) || (isImplement && OF_RUN.test(path)))
    const { before, done, after } = await statesAround(args, isLeftOut, isImplement ? model : {})
    expect(server.requests).toHaveLength(isImplement ? REPLIES.length : 0)
    expect(done).toMatchObject({ code: 0 })
    expect(after).toEqual(before)
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('a dry run in a clone that repose has never seen leaves nothing there, and nothing at home', () => {
  let clone: string
  let newHome: string
  beforeAll(() => {
    clone = join(scratchFolder(), 'clone')
    newHome = scratchFolder()
    sh(shop.root, 'push', '-q', 'origin', 'HEAD')
    sh(shop.root, 'clone', '-q', sh(shop.root, 'remote', 'get-url', 'origin').trim(), clone)
  })
  const look = (isLeftOut?: (path: string) => boolean) => ({
    clone: folderState(clone, isLeftOut),
    home: folderState(newHome),
  })
  const runThere = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runRepose(
      args.map((word) => (/^(rows\.jsonl|x\.diff)$/.test(word) ? join(shop.root, word) : word)),
      { cwd: clone, env: { ...homeAt(newHome), ...env } },
    )

  test.each(lines(DRY_RUNS))('%s', async (_, args) => {
    const before = look()
    const done = await runThere(args)
    expect(done).toMatchObject({ code: args[0] === 'implement' ? 2 : 0 }) // no model is set
    expect(look()).toEqual(before)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('implement, if the budget has no room for a call', async () => {
    const server = await startModelServer([])
    onTestFinished(() => server.close())
    const model = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test', REPOSE_MODEL: 'scripted' }
    // the worktree is registered and removed again
    const ofWorktree = (path: string) => path === '.git/'
    const before = look(ofWorktree)
    const done = await runThere(['implement', REQUEST, '--dry-run', '--budget-tokens', '10', '--json'], model)
    expect(done).toMatchObject({ code: 3 })
    expect(JSON.parse(done.stdout)).toMatchObject({ run: null, transcript: null })
    expect(server.requests).toEqual([])
    expect(look(ofWorktree)).toEqual(before)
    expect(readdirSync(temporary)).toEqual([])
  })

  test('implement keeps what was paid for: its calls, its transcript, and nothing of the facts', async () => {
    const server = await startModelServer(REPLIES.map((text) => reply(text)))
    onTestFinished(() => server.close())
    const model = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test', REPOSE_MODEL: 'scripted' }
    const args = ['implement', REQUEST, '--dry-run', '--effort', 'low', '--json']
    const other = await runThere(args, model)
    const { run: number, transcript } = JSON.parse(other.stdout) as { run: number; transcript: string }
    expect(number).toBe(1)
    expect(readFileSync(transcript, 'utf8').match(/"event":"call"/g)).toHaveLength(server.requests.length)
    const store = openStore(join(clone, '.git/repose/repose.db'))
    onTestFinished(() => store.close())
    expect(store.ledger.requests(9)).toMatchObject([{ id: 1, command: 'implement', calls: server.requests.length }])
    expect(store.facts.worktrees()).toEqual([])
  })
})

test('a dry run of apply that has to merge writes no object of git', async () => {
  const head = sh(shop.root, 'rev-parse', 'HEAD').trim()
  const clone = join(scratchFolder(), 'clone')
  sh(shop.root, 'clone', '-q', shop.root, clone)
  const file = join(clone, 'src/vat.ts')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, `${text}// at the end\n`)
  writeFileSync(join(clone, '../end.diff'), sh(clone, 'diff', '--full-index', head))
  writeFileSync(file, `// at the start\n${text}// mine\n`)
  const objects = () => Object.keys(folderState(join(clone, '.git/objects')))
  const before = objects()
  const done = await runRepose(['apply', join(clone, '../end.diff'), '--dry-run'], { cwd: clone, env: homeAt(home) })
  expect(done.code).toBe(1)
  expect(objects()).toEqual(before)
})

describe('a command that only reports changes nothing once the facts are up to date', () => {
  test.each(lines(READERS))('%s', async (_, args) => {
    const { before, done, after } = await statesAround(args, (path) => mayChange(args, path))
    expect(done.stderr).not.toContain('this is a bug')
    expect([0, 1]).toContain(done.code)
    expect(after).toEqual(before)
    expect(readdirSync(temporary)).toEqual([])
  })
})
