/**
 * Shows the main job: `npm start`. No key, no network; the model's replies are recordings of a real one.
 *
 * On a copy of fixtures/repos/bookshop-ts: index, a sleep pass, the pack for a request, the request implemented and checked by that
 * project's own tests; a second request drafted by night, and applied. Then the part that needs no model, on repose's own repository.
 *
 * Ends with exit code 1 if one of these did not succeed. CI runs it as a newcomer does.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { table } from '../bin/format.ts'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { replayFixture } from './fixture-repo.ts'

const REQUEST =
  'Add a CSV output format\n\nReports should be printable as comma-separated values, for spreadsheets: `--format csv`.'
const WAITING =
  'Add a clearance discount\n\nBooks of which more than twenty are in stock get 15 % off, after all other discounts.'
const RECORDINGS = join(PACKAGE_ROOT, 'fixtures/recordings')
/** What the recorded replies change for the request. */
const RECORDED = ['CHANGELOG.md', 'src/config/schema.ts', 'src/formatters/csv.ts', 'src/formatters/index.ts']

const failed: string[] = [] // commands
const scratch = mkdtempSync(join(tmpdir(), 'repose-demo-'))
try {
  process.exitCode = await demo()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

async function demo(): Promise<number> {
  const shop = join(scratch, 'bookshop')
  mkdirSync(shop)
  await replayFixture('bookshop-ts', shop)
  const night = { backlog: { draft: true }, caps: { dayTokens: 100_000 }, checks: ['npm test'] }
  mkdirSync(join(scratch, 'repose'))
  writeFileSync(join(scratch, 'repose/config.json'), JSON.stringify(night))
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(shop, 'node_modules'), 'junction')

  say('A small shop in TypeScript, with 18 commits of history. While its developer is away:')
  show(shop, ['index'])
  show(shop, [
    'sleep',
    '--replay',
    join(RECORDINGS, 'bookshop-sleep.json'),
    '--budget-tokens',
    '16800',
    '--concurrency',
    '1',
  ])
  say('The developer is back and wants something. What an agent is handed, without a model:')
  show(shop, ['context', REQUEST, '--budget-tokens', '900'])
  say("The request, implemented from recorded replies of a real model, checked by the shop's own tests:")
  const result = show(shop, [
    'implement',
    REQUEST,
    '--check',
    'npm test',
    '--replay',
    join(RECORDINGS, 'bookshop-csv.json'),
  ])
  spawnSync('git', ['--no-pager', 'diff', '--stat'], { cwd: shop, stdio: 'inherit' })
  const changed = git(shop, 'diff', '--name-only')
    .concat(git(shop, 'ls-files', '--others', '--exclude-standard'))
    .filter((path) => path !== 'node_modules')

  spawnSync('git', ['add', '--all', '--', '.', ':!node_modules'], { cwd: shop })
  spawnSync('git', ['commit', '--quiet', '--message', 'Add a CSV output format'], { cwd: shop })

  say('Another request waits in the backlog. It is drafted and checked while the developer is away:')
  show(shop, ['backlog', 'add', WAITING])
  show(shop, ['sleep', '--only', 'backlog', '--replay', join(RECORDINGS, 'bookshop-night.json')])
  show(shop, ['backlog'])
  say('In the morning it is applied. No model is called:')
  show(shop, ['backlog', 'apply', '1'])
  spawnSync('git', ['--no-pager', 'diff', '--stat'], { cwd: shop, stdio: 'inherit' })

  if (existsSync(join(PACKAGE_ROOT, '.git'))) {
    say("repose's own repository, the part that needs no model:")
    const db = ['--db', join(scratch, 'own.db')]
    show(PACKAGE_ROOT, ['index', ...db])
    show(PACKAGE_ROOT, ['context', 'Support the Haskell language', '--budget-tokens', '700', ...db])
  }

  const ledger = JSON.parse(repose(shop, ['ledger', '--json']).stdout) as {
    totals: { phase: string; calls: number; inputTokens: number; outputTokens: number }[]
  }
  const tokens = (phase: string) =>
    ledger.totals.filter((row) => row.phase === phase).reduce((sum, row) => sum + row.inputTokens + row.outputTokens, 0)
  const checks = /^checks: (.*)$/m.exec(result.stderr)?.[1] ?? 'none ran'
  say('In short (model replies were recorded; nothing was paid now):')
  process.stdout.write(
    `${table([
      ['what', 'result'],
      ['files changed', changed.join(', ')],
      ['checks', checks],
      ['test-time tokens', tokens('awake').toLocaleString('en-US')],
      ['sleep-time tokens', tokens('sleep').toLocaleString('en-US')],
    ])}\n`,
  )
  const wrong = [
    ...failed.map((command) => `repose ${command} failed`),
    ...RECORDED.filter((path) => !changed.includes(path)).map((path) => `${path} was not changed`),
    ...(checks.startsWith('syntax passed, npm test passed') ? [] : ['the checks did not pass']),
    ...['awake', 'sleep']
      .filter((phase) => tokens(phase) === 0)
      .map((phase) => `the ledger has no tokens for ${phase}`),
  ]
  if (wrong.length > 0) process.stderr.write(`error: ${wrong.join('; ')}\n`)
  return wrong.length > 0 ? 1 : 0
}

function say(text: string): void {
  process.stdout.write(`\n\u2500\u2500 ${text}\n`)
}

/** Runs one command as a user would, and prints the command and its output. A failure is noted in `failed`. */
function show(folder: string, args: readonly string[]): SpawnSyncReturns<string> {
  const typed = args.map((arg) =>
    /[\s"]/.test(arg) ? `"${arg.split('\n')[0]}"` : arg.replace(`${PACKAGE_ROOT}/`, '').replace(scratch, '...'),
  )
  process.stdout.write(`\n$ repose ${typed.join(' ')}\n`)
  const result = repose(folder, args)
  process.stdout.write(result.stdout)
  process.stdout.write(result.stderr)
  if (result.status !== 0) failed.push(args[0]!)
  return result
}

function repose(folder: string, args: readonly string[]): SpawnSyncReturns<string> {
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_CONFIG_HOME: scratch, NO_COLOR: '1' }
  for (const name of [
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'OPENAI_API_BASE',
    'REPOSE_MODEL',
    'REPOSE_SLEEP_MODEL',
    'REPOSE_DB',
    'REPOSE_BUDGET_TOKENS',
    'REPOSE_MAX_USD',
    'FORCE_COLOR',
  ])
    delete env[name]
  return spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist/bin/repose.js'), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
}

function git(folder: string, ...args: string[]): string[] {
  return spawnSync('git', args, { cwd: folder, encoding: 'utf8' }).stdout.split('\n').filter(Boolean)
}
