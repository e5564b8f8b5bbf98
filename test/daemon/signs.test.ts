import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { watchClock } from '../../src/daemon/clock-jump.ts'
import { gitOperation, leftBehindLock } from '../../src/daemon/git-operation.ts'
import { beginOfHours, endOfHours, isWithin, nextMidnight, startsOf } from '../../src/daemon/hours.ts'
import { readLoad } from '../../src/daemon/load.ts'
import { placeOf } from '../../src/daemon/place.ts'
import { parsePmset, readPower } from '../../src/daemon/power.ts'
import { scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'

const fails = (root: string, ...args: string[]) => expect(() => sh(root, ...args)).toThrow()

describe('an operation of git in progress is seen', () => {
  /** Two branches that change the same line. */
  function conflicting(): string {
    const root = scratchRepo({ 'a.txt': 'one\n' })
    sh(root, 'switch', '-q', '-c', 'other')
    write(root, 'a.txt', 'two\n')
    sh(root, 'commit', '-q', '-a', '-m', 'two')
    sh(root, 'switch', '-q', 'main')
    write(root, 'a.txt', 'three\n')
    sh(root, 'commit', '-q', '-a', '-m', 'three')
    return root
  }
  const nameOf = (root: string) => gitOperation(root, Date.now())?.name ?? null

  test('merge, rebase, cherry-pick, revert, bisect, each until it is over', () => {
    const root = conflicting()
    expect(nameOf(root)).toBe(null)
    fails(root, 'merge', 'other')
    expect(nameOf(root)).toBe('merge')
    sh(root, 'merge', '--abort')
    fails(root, 'rebase', 'other')
    expect(nameOf(root)).toBe('rebase')
    sh(root, 'rebase', '--abort')
    fails(root, 'rebase', '--apply', 'other')
    expect(nameOf(root)).toBe('rebase')
    sh(root, 'rebase', '--abort')
    fails(root, 'cherry-pick', 'other')
    expect(nameOf(root)).toBe('cherry-pick')
    sh(root, 'cherry-pick', '--abort')
    fails(root, 'revert', '--no-edit', 'other')
    expect(nameOf(root)).toBe('revert')
    sh(root, 'revert', '--abort')
    sh(root, 'bisect', 'start')
    expect(nameOf(root)).toBe('bisect')
    sh(root, 'bisect', 'reset')
    expect(nameOf(root)).toBe(null)
  })

  test('a lock of the index counts for ten minutes; then it was left behind', () => {
    const root = scratchRepo({ 'a.txt': 'one\n' })
    const lock = join(root, '.git/index.lock')
    writeFileSync(lock, '')
    const now = Date.now()
    expect(gitOperation(root, now)).toMatchObject({ name: 'git command' })
    expect(leftBehindLock(root, now)).toBe(null)
    utimesSync(lock, now / 1000 - 601, now / 1000 - 601)
    expect(gitOperation(root, now)).toBe(null)
    expect(leftBehindLock(root, now)).toBeCloseTo(now - 601_000, -3)
  })

  test('in a linked worktree it is its own, and a repository that is gone has none', () => {
    const root = conflicting()
    const linked = `${root}-linked`
    sh(root, 'worktree', 'add', '-q', '--detach', linked, 'main')
    fails(linked, 'merge', 'other')
    expect(nameOf(linked)).toBe('merge')
    expect(nameOf(root)).toBe(null)
    rmSync(linked, { recursive: true })
    expect(nameOf(linked)).toBe(null)
  })
})

test('a folder is told from another one at its place', () => {
  const root = scratchRepo({ 'a.txt': 'one\n' })
  const place = placeOf(root)
  expect(place).toMatch(/^\d+:\d+:\d+:\d+$/)
  expect(placeOf(root)).toBe(place)
  rmSync(join(root, '.git'), { recursive: true })
  expect(placeOf(root)).toBe(null)
  sh(root, 'init', '-q')
  expect(placeOf(root)).not.toBe(null)
  rmSync(root, { recursive: true })
  expect(placeOf(root)).toBe(null)
})

describe('power', () => {
  const linux = (supplies: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
    const folder = scratchFolder()
    for (const [name, files] of Object.entries(supplies)) {
      mkdirSync(join(folder, name))
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`)
    }
    return readPower('linux', folder)
  }

  test('a laptop on mains, on battery, a desktop, a wireless mouse', async () => {
    const battery = { type: 'Battery', scope: 'System', capacity: '83' }
    expect(await linux({ AC: { type: 'Mains', online: '1' }, BAT0: { ...battery, status: 'Charging' } })).toEqual({
      source: 'mains',
      percent: 83,
    })
    expect(await linux({ AC: { type: 'Mains', online: '0' }, BAT0: { ...battery, status: 'Discharging' } })).toEqual({
      source: 'battery',
      percent: 83,
    })
    expect(await linux({ BAT0: { ...battery, status: 'Full' } })).toEqual({ source: 'mains', percent: 83 })
    expect(await linux({})).toEqual({ source: 'unknown', percent: null })
    expect(await linux({ mouse: { type: 'Battery', scope: 'Device', status: 'Discharging', capacity: '40' } })).toEqual(
      { source: 'unknown', percent: null },
    )
    expect(await readPower('linux', join(scratchFolder(), 'none'))).toEqual({ source: 'unknown', percent: null })
  })

  test('what pmset prints', () => {
    const line = ' -InternalBattery-0 (id=123)\t64%; discharging; 3:42 remaining present: true\n'
    expect(parsePmset(`Now drawing from 'Battery Power'\n${line}`)).toEqual({ source: 'battery', percent: 64 })
    expect(parsePmset(`Now drawing from 'AC Power'\n${line}`)).toEqual({ source: 'mains', percent: 64 })
    expect(parsePmset("Now drawing from 'AC Power'\n")).toEqual({ source: 'mains', percent: null })
    expect(parsePmset('')).toEqual({ source: 'unknown', percent: null })
  })
})

test('the load is per core', () => {
  const load = readLoad()
  expect(load === null || load >= 0).toBe(true)
})

test('hours: within a day, past midnight, the whole day, and when they end', () => {
  const at = (hour: number, minute = 0) => new Date(2026, 10, 25, hour, minute).getTime()
  expect([at(8, 59), at(9), at(16, 59), at(17)].map((now) => isWithin('09:00-17:00', now))).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect([at(21, 59), at(22), at(23, 59), at(0), at(5, 59), at(6)].map((now) => isWithin('22:00-06:00', now))).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
  ])
  expect(isWithin('00:00-00:00', at(13))).toBe(true)
  expect(endOfHours('22:00-06:00', at(23))).toBe(new Date(2026, 10, 26, 6).getTime())
  expect(beginOfHours('22:00-06:00', at(3))).toBe(at(22))
  expect(beginOfHours('02:30-06:00', at(3))).toBe(new Date(2026, 10, 26, 2, 30).getTime())
  expect(endOfHours('22:00-06:00', at(3))).toBe(at(6))
  expect(startsOf(at(13, 7))).toEqual({ day: at(0), month: new Date(2026, 10, 1).getTime() })
  expect(nextMidnight(at(23, 59))).toBe(new Date(2026, 10, 26).getTime())
})

test('sleep of the machine and a clock that is set back are told from ordinary waiting', () => {
  let wall = 1_000_000
  let steady = 0
  const look = watchClock(
    () => wall,
    () => steady,
  )
  const pass = (wallMs: number, steadyMs = wallMs) => {
    wall += wallMs
    steady += steadyMs
    return look()
  }
  expect(pass(30_000)).toBe('nothing')
  expect(pass(30_500, 30_000)).toBe('nothing')
  expect(pass(8 * 3_600_000, 1000)).toBe('slept')
  expect(pass(30_000)).toBe('nothing')
  expect(pass(10 * 60_000)).toBe('slept') // the steady clock went on, as on some systems, but nothing ran
  expect(pass(-3_600_000, 30_000)).toBe('set back')
  expect(pass(1000)).toBe('nothing')
})
