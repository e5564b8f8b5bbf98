import { type ChildProcess, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runGit } from '../../bench/fixture-repo.ts'
import type { BacktestReport } from '../../src/backtest/report.ts'
import { mineFeatures } from '../../src/history/mine-features.ts'
import { openStore } from '../../src/store/open-store.ts'
import { fakeGit } from '../helpers/fake-git.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { isWindows } from '../helpers/platform.ts'
import { type RunOptions, runRepose } from '../helpers/run-repose.ts'
import { bringContents, partialClone, scratchFolder, scratchRepo } from '../repo/scratch-repo.ts'

let shop: FixtureRepo
beforeAll(async () => {
  shop = await copyFixture('bookshop-ts', { indexed: true })
})
afterAll(() => shop.dispose())

const backtest = (args: readonly string[], options: Partial<RunOptions> = {}) =>
  runRepose(['backtest', ...args], { cwd: shop.root, ...options })
const reportOf = async (...args: string[]) => JSON.parse((await backtest([...args, '--json'])).stdout) as BacktestReport

test('past features are ranked by every arm, and nothing of the working tree is touched', async () => {
  const before = await shop.git('status', '--porcelain', '--ignored')
  const report = await reportOf()
  expect(report).toMatchObject({ stop: 'done', planned: 9, candidates: 18, judged: 'repose' })
  expect(report.arms.map(({ id }) => id)).toEqual(['paths', 'bm25', 'bm25+cochange', 'repose'])
  expect(report.arms.at(-1)!.text).toContain('by the weights that ship, without summaries')
  for (const { figures } of report.arms)
    for (const { mean, low, high } of Object.values(figures)) {
      expect(low).toBeGreaterThanOrEqual(0)
      expect(mean).toBeGreaterThanOrEqual(low)
      expect(high).toBeGreaterThanOrEqual(mean)
    }
  expect(report.arms.at(-1)!.figures.recall10.mean).toBeGreaterThan(0.5)
  expect(await shop.git('status', '--porcelain', '--ignored')).toBe(before)
  expect(await shop.git('worktree', 'list')).not.toContain('\n/')
})

test('the same run gives the same figures, though the facts are there by now', async () => {
  const [first, second] = [await reportOf('--limit', '4'), await reportOf('--limit', '4')]
  const figures = ({ arms, worst, gain }: BacktestReport) => ({
    arms: arms.map((arm) => ({ ...arm, ms: 0 })),
    worst,
    gain,
  })
  expect(figures(second)).toEqual(figures(first))
})

test('the figures of each task are told, so that those of the arms can be worked out again', async () => {
  const { arms, tasks } = await reportOf('--limit', '6')
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  for (const { id, figures } of arms) {
    const isAmong = (k: number) => (place: number | null) => place !== null && place <= k
    const places = tasks.map((task) => task.places[id]!.map(({ place }) => place))
    const recall = (k: number) => mean(places.map((all) => all.filter(isAmong(k)).length / all.length))
    expect(tasks.map((task) => task.places[id]!.map(({ path }) => path))).toEqual(tasks.map(({ changed }) => changed))
    expect(mean(tasks.map(({ f1At5 }) => f1At5[id]!))).toBeCloseTo(figures.f1At5.mean, 3)
    for (const [k, figure] of [
      [5, figures.recall5],
      [10, figures.recall10],
      [20, figures.recall20],
      [50, figures.recall50],
    ] as const)
      expect(recall(k)).toBeCloseTo(figure.mean, 3)
  }
})

test('the table and the sentences go to standard output', async () => {
  const { code, stdout } = await backtest(['--arm', 'bm25', '--arm', 'repose'])
  expect(code).toBe(0)
  const prose = stdout.replaceAll('\n', ' ')
  expect(stdout).toMatch(/^9 past features, \d{4}-\d\d-\d\d to /)
  expect(stdout).toMatch(/^arm +R@5 +R@10 +R@20 +R@50 +F1@5 +named +P +R +F1 +ms$/m)
  expect(stdout).toMatch(/^repose( +[\d.]+){10}$/m)
  expect(prose).toMatch(/ Of the \d+ files that repose gave a probability of \.10 or more, .*: predicted \.\d\d /)
  expect(stdout).toContain('where repose was most wrong')
  expect(stdout).toMatch(/^18 commits looked at, 9 taken; dropped: .*revert.*$/m) // in a pipe no line is broken
})

test('--html follows no link of the repository', async () => {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n' })
  const theirs = join(scratchFolder(), 'theirs.txt')
  writeFileSync(theirs, 'theirs\n')
  symlinkSync(theirs, join(root, 'backtest.html'))
  const { code, stderr } = await runRepose(['backtest', '--html', 'backtest.html'], { cwd: root })
  expect(stderr).toMatch(/^error: backtest\.html leads through a symbolic link of the repository, .*\nfix: {3}/)
  expect(code).toBe(2)
  expect(readFileSync(theirs, 'utf8')).toBe('theirs\n')
})

test('--html writes one page, and leaves none where it cannot', async () => {
  const file = join(shop.root, '.git', 'report.html')
  expect((await backtest(['--limit', '6', '--html', file])).stderr).toContain(file)
  expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>.*<svg.*<\/html>\n$/s)
  const refused = await backtest(['--html', join(shop.root, 'nowhere', 'report.html')])
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toMatch(/^error: .*nowhere.report\.html cannot be written \(ENOENT\)\nfix: {3}/)
})

test('a run that is ended before its first task leaves a report of before alone', async () => {
  const file = join(shop.root, '.git', 'before.html')
  writeFileSync(file, 'of before')
  const { code, stderr } = await backtest(['--seconds', '0', '--html', file])
  expect([code, stderr]).toEqual([3, `${file} is left as it was: no task was done\n`])
  expect(readFileSync(file, 'utf8')).toBe('of before')
})

test('with fewer than five features it says so, and shows what there is', async () => {
  const few = await backtest(['--limit', '3'])
  expect(few.code).toBe(0)
  expect(few.stdout).toMatch(/^Too few tasks to judge by: 3,/)
  expect(few.stdout).not.toMatch(/better|worse|no sure/)
  const none = await backtest(['--since', 'HEAD'])
  expect(none.code).toBe(0)
  expect(none.stdout).toContain('Too little history')
  expect(JSON.parse((await backtest(['--since', 'HEAD', '--json'])).stdout)).toMatchObject({
    arms: [],
    tasks: [],
    gain: null,
  })
})

test('in a partial clone tasks without their contents are left out, and none left is an error', async () => {
  const clone = partialClone(shop.root)
  const { code, stdout, stderr } = await backtest([], { cwd: clone })
  expect([code, stdout, stderr]).toEqual([
    1,
    '',
    'error: this clone (a partial one) lacks contents from before all 9 past features\nfix:   git fetch --refetch --no-filter brings them\n',
  ])
  await runGit(clone, ['checkout', '-q', 'HEAD~1'])
  await runGit(clone, ['checkout', '-q', '-'])
  const some = await backtest([], { cwd: clone })
  expect(some.code).toBe(0)
  expect(some.stdout.replaceAll('\n', ' ')).toMatch(
    /\d past features are left out, since contents of the past are not in this clone \(git fetch --refetch --no-filter brings them\)\./,
  )
  bringContents(clone)
  const figures = ({ arms }: BacktestReport) => arms.map((arm) => ({ ...arm, ms: 0 }))
  const all = JSON.parse((await backtest(['--json'], { cwd: clone })).stdout) as BacktestReport
  expect(figures(all)).toEqual(figures(await reportOf()))
})

test('--since leaves out a revision and what it can see; one that does not exist is told', async () => {
  expect((await reportOf('--since', 'HEAD~3')).tasks).toHaveLength(3)
  for (const revision of ['nowhere', 'yesterday', '--all', 'HEAD^{tree}']) {
    const { code, stderr } = await backtest([`--since=${revision}`])
    expect(code).toBe(2)
    expect(stderr).toContain(`there is no revision '${revision}'`)
    expect(stderr).toMatch(/^fix: .* git rev-list -1 --before=DATE HEAD prints the commit of a date$/m)
  }
})

test.each([
  [['--arm', 'bm52'], '--arm takes paths, bm25, bm25+cochange, repose, plain-agent'],
  [['--limit', '0'], "--limit takes a whole number from 1 up, not '0'"],
  [['--since', ''], '--since takes something that is not empty'],
  [['--seconds', '-1'], '--seconds'],
  [['--steps', '4'], '--steps is for agents, and no --arm names one\nfix:   add --arm plain-agent'],
  [
    ['--arm', 'repose', '--again', '--max-usd', '0', '--budget-tokens', '0', '--record', 'x', '--replay', 'x'],
    '--again, --record, --replay are for agents',
  ],
])('%j is refused with what to do', async (args, message) => {
  const { code, stderr } = await backtest(args)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(stderr).toContain('fix:')
})

test.each(['99999999999999', '18446744073709551000'])(
  'a commit date that no calendar holds is no obstacle: %s',
  async (time) => {
    const own = await copyFixture('bookshop-ts', { indexed: true })
    try {
      const { features } = await mineFeatures(own.root, 'HEAD', { limit: 1 })
      await own.git('reset', '-q', '--hard', features[0]!.commit)
      const text = (await own.git('cat-file', 'commit', 'HEAD')).replace(/> \d+ /g, `> ${time} `)
      const odd = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], {
        cwd: own.root,
        encoding: 'utf8',
        input: text,
      })
      await own.git('reset', '-q', '--hard', odd.trim())
      expect(await runRepose(['index'], { cwd: own.root })).toMatchObject({ code: 0, stderr: '' })
      const { code, stdout } = await backtest(['--limit', '5'], { cwd: own.root })
      expect(code).toBe(0)
      expect(stdout).toMatch(/^5 past features, 1970-01-01 to /)
    } finally {
      await own.dispose()
    }
  },
)

describe('while another process reads the past', () => {
  const lock = () => join(shop.root, '.git/repose/repose.db.past.lock')
  const waiting = `waiting for pid ${process.pid}, which reads the past\n`
  beforeEach(() => {
    mkdirSync(dirname(lock()), { recursive: true })
    writeFileSync(lock(), JSON.stringify({ pid: process.pid, startedAt: null }))
    return () => rmSync(lock(), { force: true })
  })
  const whileItWaits = (then: (child: ChildProcess) => void) => (child: ChildProcess) => {
    child.stderr!.once('data', () => setTimeout(() => then(child), 700))
  }

  test('a backtest says once that it waits, and goes on when that has ended', async () => {
    const run = await backtest(['--limit', '1'], { during: whileItWaits(() => rmSync(lock())) })
    expect([run.code, run.stderr]).toEqual([0, waiting])
    expect(run.stdout).toContain('1 past feature')
    expect(existsSync(lock())).toBe(false)
  })

  test('its time counts, exit 3', async () => {
    const { code, stdout, stderr } = await backtest(['--seconds', '1'])
    expect([code, stderr]).toEqual([3, waiting])
    expect(stdout).toContain('Out of time after 0 of 9 tasks')
  })

  test.skipIf(isWindows)('Ctrl-C ends it, exit 130', async () => {
    const { code, stdout, stderr } = await backtest([], { during: whileItWaits((child) => child.kill('SIGINT')) })
    expect([code, stderr]).toEqual([130, waiting])
    expect(stdout).toContain('Interrupted after 0 of 9 tasks')
    expect(existsSync(lock())).toBe(true)
  })
})

test('a cache of the past that is damaged is said by doctor, and made anew', async () => {
  const past = join(shop.root, '.git/repose/repose.db.past')
  mkdirSync(dirname(past), { recursive: true })
  rmSync(`${past}-wal`, { force: true })
  writeFileSync(past, 'garbage '.repeat(1000))
  const doctor = async () => {
    const { stdout } = await runRepose(['doctor', '--json'], { cwd: shop.root })
    return (JSON.parse(stdout) as { what: string; ok: boolean; says: string }[]).find(
      ({ what }) => what === 'cache of the past',
    )
  }
  expect(await doctor()).toMatchObject({ ok: false, says: expect.stringContaining(`clean --yes --db ${past}`) })
  const { code, stderr } = await backtest(['--limit', '1'])
  expect([code, stderr]).toEqual([0, `note: ${past}, a cache of facts at past commits, was damaged: it is made anew\n`])
  expect(await doctor()).toMatchObject({ ok: true })
})

/** A git that acts differently if its arguments match `arm`: a branch of a shell's `case`. `folder` is for its files. */
function gitThat(arm: (folder: string) => string): { folder: string; env: { PATH: string } } {
  const git = execFileSync('which', ['git'], { encoding: 'utf8' }).trim()
  const files = scratchFolder()
  const { PATH } = fakeGit(`case "$*" in ${arm(files)};; esac\nexec "${git}" "$@"`)
  return { folder: files, env: { PATH } }
}

test.skipIf(isWindows)('one that fails leaves a receipt that says why, and how far it came', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    const { env } = gitThat(() => '*cat-file*) echo "fatal: a broken pack" >&2; exit 128')
    const failed = await backtest([], { cwd: own.root, env })
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('a broken pack') })
    const told = await runRepose(['receipts', '--backtests'], { cwd: own.root })
    expect(told.stdout).toMatch(/^backtest 1 .* 0 of 9 features {2}failed: git .*cat-file.*: fatal: a broken pack$/m)
  } finally {
    await own.dispose()
  }
})

test.skipIf(isWindows)('Ctrl-C before its tasks are known leaves a receipt too, exit 130', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    const { folder, env } = gitThat((folder) => `*" log "*) : >${folder}/mines; exec sleep 60`)
    const { code } = await backtest([], {
      cwd: own.root,
      env,
      during: (child) => {
        const wait = setInterval(() => {
          if (!existsSync(join(folder, 'mines'))) return
          clearInterval(wait)
          child.kill('SIGINT')
        }, 2)
        child.once('exit', () => clearInterval(wait))
      },
    })
    expect(code).toBe(130)
    const told = await runRepose(['receipts', '--backtests'], { cwd: own.root })
    expect(told.stdout).toMatch(/^backtest 1 .* 0 of 0 features {2}interrupted/m)
  } finally {
    await own.dispose()
  }
})

test('its recipes are those that a pass before the oldest task would have mined', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    await backtest(['--limit', '3'], { cwd: own.root })
    const { features } = await mineFeatures(own.root, 'HEAD', { limit: 3 })
    const past = openStore(join(own.root, '.git/repose/repose.db.past'))
    const { id } = past.facts.worktrees()[0]!
    expect(past.recipes.mining(id)!.head).toBe(features.at(-1)!.base)
    expect(past.recipes.mining(id)!.additions).toBeGreaterThan(2)
    past.close()
  } finally {
    await own.dispose()
  }
})

test('when time is up it ends with what is done, exit 3', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    const { code, stdout } = await backtest(['--seconds', '0'], { cwd: own.root })
    expect(code).toBe(3)
    expect(stdout).toContain('Out of time after 0 of 9 tasks')
  } finally {
    await own.dispose()
  }
})

test.skipIf(isWindows)('Ctrl-C ends it with what is done, exit 130, and both leave a receipt', async () => {
  const own = await copyFixture('bookshop-ts', { indexed: true })
  try {
    const database = join(own.root, '.git/repose/repose.db')
    const { code, stdout } = await backtest([], {
      cwd: own.root,
      during: (child) => {
        const wait = setInterval(() => {
          if (!existsSync(`${database}.past`)) return
          clearInterval(wait)
          child.kill('SIGINT')
        }, 2)
        child.once('exit', () => clearInterval(wait))
      },
    })
    expect(code).toBe(130)
    expect(stdout).toMatch(/Interrupted after \d of 9 tasks/)
    await backtest(['--limit', '2', '--title-only'], { cwd: own.root })
    const store = openStore(database)
    const [second, first] = store.backtests.receipts(5)
    store.close()
    expect(first).toMatchObject({ id: 1, planned: 9, stop: 'interrupted', titleOnly: false })
    expect(second).toMatchObject({ id: 2, planned: 2, scored: 2, stop: 'done', titleOnly: true })
    expect(Object.keys(second!.figures)).toEqual(['paths', 'bm25', 'bm25+cochange', 'repose'])
    expect(second!.endedAt! >= second!.startedAt).toBe(true)
  } finally {
    await own.dispose()
  }
})
