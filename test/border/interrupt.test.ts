import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { makeEndlessSchema } from '../helpers/endless-table.ts'
import { fakeGit } from '../helpers/fake-git.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { runningWith } from '../helpers/left-running.ts'
import { removeFolder } from '../helpers/platform.ts'
import { runInProcess } from '../helpers/run-in-process.ts'
import { startRepose } from '../helpers/start-repose.ts'
import { UNCAGED, userConfig } from '../helpers/user-config.ts'

/** What a person takes for "at once": half of it is granted by a clock, the other half by how long this machine takes for things now. */
const AT_ONCE_MS = 1000
const USUAL_START_MS = 50 // of Node, on a machine that does nothing else

let slowness = 1
let measuredAt = Number.NEGATIVE_INFINITY

/** Measured when it is asked for: most commands end within AT_ONCE_MS, which is granted anyway. */
function atOnce(): number {
  if (performance.now() - measuredAt > 5000) {
    const started = performance.now()
    execFileSync(process.execPath, ['-e', '0'])
    measuredAt = performance.now()
    slowness = Math.max(1, (measuredAt - started) / USUAL_START_MS)
  }
  return AT_ONCE_MS / 2 + (AT_ONCE_MS / 2) * slowness
}

const isAtOnce = (ms: number) => ms < AT_ONCE_MS || ms < atOnce()

let scratch: string
let shop: FixtureRepo
let large: string
const ends: (() => void)[] = []

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'repose-interrupt-'))
  shop = await copyFixture('bookshop-ts', { indexed: true })
  large = join(scratch, 'large')
  mkdirSync(large)
  for (let i = 0; i < 60; i++) cpSync(join(shop.root, 'src'), join(large, `part${i}`), { recursive: true })
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-qm', 'all'],
  ])
    execFileSync('git', args, { cwd: large })
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
})
afterAll(async () => {
  await shop.dispose()
  removeFolder(scratch)
})

interface Case {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Resolves when it is time for Ctrl-C. Default: after `ms`. */
  readonly when?: (child: ChildProcess, mark: string) => Promise<void>
  /** Default: SIGINT, as of Ctrl-C. */
  readonly signal?: NodeJS.Signals
  readonly ms?: number
  readonly input?: string | null
}

/** Runs a command, interrupts it, and expects it to end at once, with exit code 130 and nothing left running. Whether it was still at work. */
async function interrupt(
  args: readonly string[],
  { cwd = shop.root, env = {}, when, signal = 'SIGINT', ms = 0, input }: Case = {},
) {
  const mark = randomUUID()
  let at = 0
  let child: ChildProcess | undefined
  const run = await startRepose(args, {
    cwd,
    env: { ...env, REPOSE_TEST_MARK: mark },
    ...(input === undefined ? {} : { input }),
    during(started) {
      child = started
      void (when ? when(started, mark) : wait(ms)).then(() => {
        at = performance.now()
        started.kill(signal)
      })
    },
  })
  const took = performance.now() - at
  if (at === 0 || run.code === 0) return false // it was done before
  // as a shell tells it, where the signal had its default effect
  const code = run.signal === 'SIGINT' ? 130 : run.code
  expect({ args, code, stderr: run.stderr }).toMatchObject({ code: 130 })
  expect(run.stderr).not.toMatch(/bug in repose|^ +at /m)
  if (!isAtOnce(took)) expect(took).toBeLessThan(atOnce())
  while (runningWith(mark).length > 0 && isAtOnce(performance.now() - at)) await wait(20)
  expect(runningWith(mark)).toEqual([])
  expect(child?.exitCode ?? child?.signalCode).not.toBe(null)
  return true
}

/** An endpoint that takes requests and answers as it is told; never, by default. */
async function endpoint(
  replies: readonly string[] = [],
): Promise<{ env: Record<string, string>; asked: () => number }> {
  let asked = 0
  const server = createServer((request, response) => {
    request.resume()
    const content = replies[asked++]
    if (content !== undefined)
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ choices: [{ message: { content }, finish_reason: 'stop' }] }))
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const env = { OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, REPOSE_MODEL: 'm' }
  return { env, asked: () => asked }
}

const until = (is: () => boolean) => async (child: ChildProcess) => {
  while (!is() && child.exitCode === null) await wait(10)
  await wait(50)
}

describe.skipIf(process.platform !== 'linux')('the first Ctrl-C ends it within a second, wherever it is', () => {
  describe('a check of a database of others that never ends', () => {
    const isChecking = async (mark: string) => {
      while (runningWith(mark).length < 2) await wait(20)
    }
    const db = () => join(scratch, 'endless.db')
    beforeAll(async () => {
      const add = ['backlog', 'add', 'Add a CSV output format', '--db', db()]
      expect((await runInProcess(add, { cwd: shop.root })).code).toBe(0)
      makeEndlessSchema(db())
      rmSync(`${db()}-mark`)
    })

    test.each(['SIGINT', 'SIGTERM'] as const)(
      '%s',
      async (signal) => {
        expect(await interrupt(['backlog', '--db', db()], { signal, when: (_, mark) => isChecking(mark) })).toBe(true)
      },
      60_000,
    )

    test('SIGKILL, which only the program gets, and not its process group', async () => {
      const mark = randomUUID()
      const during = (child: ChildProcess) => void isChecking(mark).then(() => child.kill('SIGKILL'))
      const options = { cwd: shop.root, env: { REPOSE_TEST_MARK: mark }, during }
      expect(await startRepose(['backlog', '--db', db()], options)).toMatchObject({ signal: 'SIGKILL' })
      for (const at = performance.now(); runningWith(mark).length > 0; await wait(20))
        expect(isAtOnce(performance.now() - at)).toBe(true)
    }, 60_000)
  })

  test('a pipe among the working trees that an archive registers', async () => {
    const { env } = await endpoint()
    const registered = join(shop.root, '.git/worktrees/x')
    mkdirSync(registered, { recursive: true })
    execFileSync('mkfifo', [join(registered, 'gitdir')])
    ends.push(() => rmSync(registered, { recursive: true }))
    expect(await interrupt(['implement', 'Add a CSV output format', '--yes'], { env, ms: 2000 })).toBe(true)
  }, 60_000)

  /** Until it is done before the signal comes: later moments would find the same. How often it was still at work. */
  async function atMoments(args: readonly string[], moments: readonly number[], cwd = shop.root, prepare = () => {}) {
    for (const [i, ms] of moments.entries()) {
      prepare()
      if (!(await interrupt(args, { cwd, ms }))) return i
    }
    return moments.length
  }

  test('a cold index, at many moments', async () => {
    const forget = () => rmSync(join(large, '.git/repose'), { recursive: true, force: true })
    const atWork = await atMoments(['index'], [20, 120, 250, 400, 600, 900, 1300, 2000], large, forget)
    expect(atWork).toBeGreaterThan(3)
  }, 120_000)

  test('a request for context, at many moments', async () => {
    await atMoments(['context', 'Add a CSV output format'], [50, 200, 350, 500], large)
  }, 60_000)

  test('a pass that mines and learns, at many moments', async () => {
    await runInProcess(['index'], { cwd: shop.root })
    await atMoments(['sleep'], [100, 400, 700, 1000, 1500, 2500])
  }, 120_000)

  test('a backtest, at many moments', async () => {
    await atMoments(['backtest'], [200, 600, 1200, 2500])
  }, 120_000)

  test.each([
    [['implement', 'Add a CSV output format']],
    [['ask', 'Where are prices rounded?']],
    [['context', 'Add a CSV output format', '--select']],
    [['sleep']],
    [['doctor']],
  ])(
    '%j while the endpoint hangs',
    async (args) => {
      const { env, asked } = await endpoint()
      expect(await interrupt(args, { env, when: until(() => asked() > 0) })).toBe(true)
    },
    60_000,
  )

  test('a check that ignores the request to end, and so do its children', async () => {
    const { env } = await endpoint([
      'open src/cart.ts',
      '@@ create src/extra.ts\n<<<<<<< text\nexport const extra = 1\n>>>>>>> end',
    ])
    const begun = join(scratch, 'begun')
    const check = `trap '' TERM INT HUP; (trap '' TERM INT HUP; sleep 60) & echo > ${begun}; sleep 60; sleep 60`
    const args = ['implement', 'Add a CSV output format', '--effort', 'low', '--check', check]
    const uncaged = userConfig(shop.root, UNCAGED) // the check leaves its mark outside
    expect(await interrupt(args, { env: { ...env, ...uncaged }, when: until(() => existsSync(begun)) })).toBe(true)
  }, 60_000)

  test.each([
    ['index'],
    ['status'],
    ['context', 'x'],
    ['sleep'],
    ['doctor'],
    ['backtest'],
    ['watch'],
    ['init'],
    ['clean', '--dry-run'],
  ])(
    'a git that hangs and ignores every signal: %s',
    async (...args) => {
      const { folder, PATH } = fakeGit(
        `trap '' TERM INT HUP; echo >> "$(dirname "$0")/begun"; sh -c 'trap "" TERM INT HUP; sleep 60' & sleep 60; sleep 60`,
      )
      ends.push(() => removeFolder(folder))
      const when = until(() => existsSync(join(folder, 'begun')))
      expect(await interrupt(args, { env: { PATH }, when })).toBe(true)
    },
    60_000,
  )

  test.each([[['context', '-']], [['implement', '-']], [['ask', '-']]])(
    '%j while nothing comes from standard input',
    async (args) => {
      const { env } = await endpoint()
      expect(await interrupt(args, { env, ms: 900, input: null })).toBe(true)
    },
    60_000,
  )

  test('a database that another process writes', async () => {
    await runInProcess(['index'], { cwd: shop.root })
    await shop.write('src/new.ts', 'export const n = 1\n')
    const other = new Database(join(shop.root, '.git/repose/repose.db'))
    other.exec('BEGIN IMMEDIATE')
    ends.push(() => other.exec('ROLLBACK'))
    expect(await interrupt(['index'], { ms: 1800 })).toBe(true)
  }, 60_000)

  test('the daemon in the foreground, while its worker runs a pass', async () => {
    const { env, asked } = await endpoint()
    const home = join(scratch, 'home')
    mkdirSync(join(home, 'repose'), { recursive: true })
    const watch = { shortMinutes: 0, longMinutes: 0.01, maxLoad: 1000, onBattery: true }
    writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ watch, caps: { dayTokens: 100_000 } }))
    const when = until(() => asked() > 0)
    expect(await interrupt(['watch'], { env: { ...env, XDG_CONFIG_HOME: home }, when })).toBe(true)
    expect(readFileSync(join(shop.root, '.git/repose/repose.db.watch.log'), 'utf8')).toContain('started')
  }, 60_000)

  test('work that lets signals through only now and then', async () => {
    const module = pathToFileURL(join(PACKAGE_ROOT, 'dist/bin/interrupt.js'))
    const busy = `setInterval(() => { for (const until = Date.now() + 500; Date.now() < until; );process.stdout.write('.') })`
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { endOnInterrupt } from '${module}'
endOnInterrupt()
${busy}`,
    ])
    ends.push(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    const started = performance.now()
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([130, null])
    expect(performance.now() - started).toBeLessThan(6000) // 17 turns take longer
  }, 60_000)

  test('a second Ctrl-C needs no second', async () => {
    const { env, asked } = await endpoint()
    let child: ChildProcess | undefined
    const run = await startRepose(['doctor'], {
      cwd: shop.root,
      env,
      during(started) {
        child = started
        void until(() => asked() > 0)(started).then(async () => {
          started.kill('SIGINT')
          started.kill('SIGINT')
        })
      },
    })
    expect(run.code).toBe(130)
    expect(child?.exitCode).toBe(130)
  }, 60_000)
})
