import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type DaemonOptions, watchRepository } from '../../src/daemon/daemon.ts'
import { watchLockPath } from '../../src/daemon/lock.ts'
import { readState } from '../../src/daemon/read-state.ts'
import type { WatchState } from '../../src/daemon/state.ts'
import type { Money, Refreshed, Thought, Work } from '../../src/daemon/work.ts'
import { moveHome } from '../helpers/platform.ts'
import { scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'

const MONEY: Money = { budget: { kind: 'left', tokens: 1000, usd: null }, spent: null }
const REFRESHED: Refreshed = { changed: true, files: 1, ms: 1, ...MONEY }
const THOUGHT: Thought = {
  end: 'done',
  reason: null,
  changed: false,
  written: 1,
  rejected: 0,
  drafted: 0,
  needsYou: 0,
  calls: 1,
  tokens: 9,
  ...MONEY,
}
const SETTINGS: DaemonOptions['settings'] = {
  shortMinutes: 0.5 / 60,
  longMinutes: 10,
  quietHours: [],
  allowedHours: [],
  maxLoad: 100,
  onBattery: true,
  how: 'auto',
  maxFiles: 1000,
}

/** Where a test waits for what causes no event. */
const LOOK_SOON_MS = 200

/** A daemon on a repository of its own; the work is counted and told what to do. */
async function start(options: Omit<Partial<DaemonOptions>, 'work'> & { work?: Partial<Work> } = {}) {
  const root = scratchRepo({ 'src/a.ts': 'export const a = 1\n', '.gitignore': 'build/\n' })
  const db = options.db ?? join(scratchFolder(), 'repose.db')
  const lines: string[] = []
  const did: string[] = []
  let state: WatchState | null = null
  const controller = new AbortController()
  const work: Work = {
    async refresh() {
      did.push('refresh')
      return REFRESHED
    },
    think(_order, signal) {
      did.push('think')
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          did.push('ended')
          resolve({ ...THOUGHT, end: 'woken' })
        })
      })
    },
    rest() {},
    async close() {
      did.push('closed')
    },
    ...options.work,
  }
  const end = watchRepository({
    root,
    commonDir: join(root, '.git'),
    settings: SETTINGS,
    log: { write: (line) => lines.push(line) },
    signal: controller.signal,
    onState: (now) => {
      state = now
    },
    readLoad: () => 0,
    readPower: async () => ({ source: 'unknown', percent: null }),
    ...options,
    db,
    work,
  })
  const stop = async () => {
    controller.abort()
    return end
  }
  onTestFinished(async () => {
    await stop()
  })
  const until = async (isSo: () => boolean, ms = 4000) => {
    for (let waited = 0; !isSo() && waited < ms; waited += 5) await setTimeout(5)
    expect(isSo(), `${did.join(' ')}\n${lines.join('\n')}`).toBe(true)
  }
  return { root, db, lines, did, stop, end, until, state: () => state }
}

const count = (list: readonly string[], what: string) => list.filter((one) => one === what).length

test('facts are refreshed at the start and after each save, and only then', async () => {
  const { root, did, until } = await start({ settings: { ...SETTINGS, shortMinutes: 10 } })
  await until(() => count(did, 'refresh') === 1)
  await setTimeout(300)
  write(root, 'src/a.ts', 'export const a = 2\n')
  await until(() => count(did, 'refresh') === 2, 400)
  write(root, 'build/out.js', 'x\n')
  await setTimeout(400)
  expect(did).toEqual(['refresh', 'refresh'])
})

test('it thinks after a rest, and a save ends the pass within 250 ms; after another rest it thinks again', async () => {
  const { root, did, until, lines } = await start()
  await until(() => did.at(-1) === 'think')
  await setTimeout(200)
  const saved = performance.now()
  write(root, 'src/a.ts', 'export const a = 2\n')
  await until(() => did.includes('ended'))
  expect(performance.now() - saved).toBeLessThan(250)
  expect(lines).toContain('the pass is ended: src/a.ts')
  await until(() => count(did, 'think') === 2)
  expect(did.indexOf('refresh', 1)).toBeLessThan(did.lastIndexOf('think')) // on fresh facts
})

test('a commit ends a pass too; a file in an ignored folder does not', async () => {
  const { root, did, until } = await start()
  await until(() => did.at(-1) === 'think')
  write(root, 'build/out.js', 'x\n')
  await setTimeout(300)
  expect(did).not.toContain('ended')
  sh(root, 'commit', '-q', '--allow-empty', '-m', 'x')
  await until(() => did.includes('ended'), 400)
})

test('the log tells how many requests a pass has drafted, and how many need the user', async () => {
  const { lines, until } = await start({
    work: { think: async () => ({ ...THOUGHT, drafted: 2, needsYou: 1, calls: 3, tokens: 4321 }) },
  })
  await until(() =>
    lines.some((line) =>
      /^pass done: 2 requests drafted, 1 request needs you, 1 written, 0 rejected, 3 calls, 4,321 tokens, /.test(line),
    ),
  )
})

test('after a pass that refused an answer it does not call every summary fresh', async () => {
  const { until, state } = await start({ work: { think: async () => ({ ...THOUGHT, rejected: 1 }) } })
  await until(() => /^every summary was fresh or rejected at /.test(state()?.reason ?? ''))
})

test('when everything is fresh it rests until something changes, or the long pass is due', async () => {
  let passes = 0
  const { root, until, state } = await start({
    work: {
      async refresh() {
        return REFRESHED
      },
      async think() {
        passes++
        return THOUGHT
      },
    },
  })
  await until(() => state()?.comes === 'long' && passes === 1)
  await setTimeout(700)
  expect(passes).toBe(1)
  write(root, 'src/a.ts', 'export const a = 2\n')
  await until(() => passes === 2)
})

test('a merge in progress holds it back until it is over', async () => {
  const { root, did, until, state } = await start()
  await until(() => did.at(-1) === 'think')
  writeFileSync(join(root, '.git/MERGE_HEAD'), 'x')
  await until(() => did.includes('ended'), 400)
  await until(() => state()?.cause === 'operation')
  expect(state()).toMatchObject({ state: 'held', reason: expect.stringMatching(/^a merge is in progress since/) })
  rmSync(join(root, '.git/MERGE_HEAD'))
  await until(() => count(did, 'think') === 2)
})

test('a second one is told who has the repository', async () => {
  const { db, until, did } = await start()
  await until(() => did.length > 0)
  const second = await start({ db })
  expect(await second.end).toEqual({ end: 'taken', pid: process.pid })
  expect(second.did).toEqual([])
})

test('stopping ends a pass under way, closes the worker and gives the lock up', async () => {
  const { did, until, stop, db } = await start()
  await until(() => did.at(-1) === 'think')
  expect(await stop()).toEqual({ end: 'stopped' })
  expect(did.slice(-2)).toEqual(['ended', 'closed'])
  const again = await start({ db })
  await again.until(() => again.did.length > 0)
})

test('a repository that is moved away is missed, said so, and watched again when it is back', async () => {
  const { root, did, until, state, lines } = await start({ lookAtMostMs: LOOK_SOON_MS })
  await until(() => did.at(-1) === 'think')
  renameSync(root, `${root}-away`)
  await until(() => state()?.state === 'stopped')
  expect(state()).toMatchObject({
    reason: 'the repository is not there any more: deleted, moved or unmounted',
    watching: null,
  })
  expect(did).toContain('ended')
  renameSync(`${root}-away`, root)
  await until(() => lines.some((line) => line.startsWith('watching anew')), 15_000)
  await until(() => state()?.state !== 'stopped' && state()?.watching !== null, 15_000)
  const before = count(did, 'refresh')
  await setTimeout(300)
  write(root, 'src/a.ts', 'export const a = 7\n')
  await until(() => count(did, 'refresh') > before)
}, 60_000)

test('a repository that is gone for an hour ends its daemon', async () => {
  let ahead = 0
  const { root, until, state, end, did } = await start({
    clock: () => Date.now() + ahead,
    lookAtMostMs: LOOK_SOON_MS,
  })
  await until(() => did.length > 0)
  renameSync(root, `${root}-away`)
  await until(() => state()?.state === 'stopped', 15_000)
  ahead = 3_600_000 + 1000
  expect(await end).toEqual({ end: 'gone' })
  expect(did.at(-1)).toBe('closed')
}, 60_000)

test('a folder that is replaced by another one is watched anew', async () => {
  const { root, did, until, lines } = await start({
    settings: { ...SETTINGS, shortMinutes: 10 },
    lookAtMostMs: LOOK_SOON_MS,
  })
  await until(() => count(did, 'refresh') === 1)
  await setTimeout(200)
  renameSync(root, `${root}-old`)
  sh(join(root, '..'), 'clone', '-q', `${root}-old`, root)
  await until(() => lines.includes('watching anew: the folder is there again, or is another one'), 15_000)
  await setTimeout(500)
  const before = count(did, 'refresh')
  write(root, 'src/b.ts', 'export const b = 1\n')
  await until(() => count(did, 'refresh') > before)
}, 60_000)

test('facts that cannot be refreshed are said, and are tried again later, not at once', async () => {
  let tries = 0
  const { until, state } = await start({
    work: {
      async refresh() {
        tries++
        throw new Error('no space left for the database')
      },
    },
  })
  await until(() => state()?.state === 'stopped')
  expect(state()?.reason).toBe('facts cannot be refreshed: no space left for the database')
  await setTimeout(500)
  expect(tries).toBe(1)
})

test('a pass whose worker breaks is said, and the next one waits', async () => {
  let passes = 0
  const { until, state } = await start({
    work: {
      async refresh() {
        return REFRESHED
      },
      async think() {
        passes++
        throw new Error('the worker ended (SIGSEGV)')
      },
    },
  })
  await until(() => state()?.cause === 'failed')
  expect(state()?.reason).toMatch(/^the last pass failed at .*: the worker ended \(SIGSEGV\)$/)
  await setTimeout(500)
  expect(passes).toBe(1)
})

test('a lid that was closed ends the pass, and its time does not count as rest', async () => {
  let ahead = 0
  const { did, until, state, lines, root } = await start({
    clock: () => Date.now() + ahead,
    settings: { ...SETTINGS, shortMinutes: 1.5 / 60 },
  })
  await until(() => did.at(-1) === 'think')
  ahead = 8 * 3_600_000
  write(root, 'src/a.ts', 'export const a = 2\n') // or any look
  await until(() => lines.includes('the machine slept'))
  expect(did).toContain('ended')
  expect(count(did, 'think')).toBe(1)
  expect(state()?.state).toBe('active')
  await until(() => count(did, 'think') === 2)
})

test('the state lies beside the database, and ignore rules that change are read again', async () => {
  const { root, db, did, until, lines } = await start({ settings: { ...SETTINGS, shortMinutes: 10 } })
  await until(() => did.length > 0)
  await until(() => readState(db)?.facts != null)
  expect(readState(db)).toMatchObject({ pid: process.pid, root, state: 'active', facts: { files: 1 } })
  await setTimeout(200)
  write(root, '.gitignore', 'build/\nout/\n')
  await until(() => lines.includes('watching anew: ignore rules changed'))
  await setTimeout(300)
  mkdirSync(join(root, 'out'))
  await setTimeout(300)
  const before = count(did, 'refresh')
  write(root, 'out/x.js', 'x\n')
  await setTimeout(300)
  expect(count(did, 'refresh')).toBe(before)
})

test('a home folder is refused before anything is watched', async () => {
  const db = join(scratchFolder(), 'x.db')
  const options = { root: '/', commonDir: '/.git', db, settings: SETTINGS }
  const log = { write() {} }
  const work: Work = { refresh: async () => REFRESHED, think: async () => THOUGHT, rest() {}, async close() {} }
  mkdirSync(join(scratchFolder(), 'x'))
  const home = scratchRepo({ 'project/a.ts': 'a\n' })
  moveHome(join(home, 'project'))
  await expect(
    watchRepository({
      ...options,
      root: home,
      commonDir: join(home, '.git'),
      log,
      work,
      signal: new AbortController().signal,
    }),
  ).rejects.toThrow(/holds your whole home folder/)
  expect(() => rmSync(watchLockPath(db))).toThrow() // the lock was given up
})
