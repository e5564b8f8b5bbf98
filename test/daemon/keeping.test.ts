import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Heartbeats } from '../../src/daemon/heartbeat.ts'
import { KeptLock, takeWatchLock, watchHolder, watchLockPath } from '../../src/daemon/lock.ts'
import { openLog } from '../../src/daemon/log.ts'
import { readState } from '../../src/daemon/read-state.ts'
import { saveState, statePath, type WatchState } from '../../src/daemon/state.ts'
import { StateWriter } from '../../src/daemon/state-writer.ts'
import { unitOf } from '../../src/daemon/unit.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

describe('the lock', () => {
  test('is held by one process, says by which, and is free after it', () => {
    const db = join(scratchFolder(), 'x.db')
    expect(watchHolder(db)).toBe(null)
    const taken = takeWatchLock(db)
    if (!('release' in taken)) throw new Error('the lock was free')
    expect(watchHolder(db)).toMatchObject({ pid: process.pid })
    expect(takeWatchLock(db)).toMatchObject({ holder: { pid: process.pid } })
    taken.release()
    expect(watchHolder(db)).toBe(null)
  })

  test('of a process that was killed, or whose number another one has now, is taken over', async () => {
    const db = join(scratchFolder(), 'x.db')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    child.kill('SIGKILL')
    await once(child, 'exit')
    for (const text of [
      JSON.stringify({ pid: child.pid, startedAt: null }),
      ...(isWindows ? [] : [JSON.stringify({ pid: process.pid, startedAt: 'another time' })]), // it does not say when one began
      '{"pid":',
    ]) {
      writeFileSync(watchLockPath(db), text)
      expect(watchHolder(db)).toBe(null)
      const taken = takeWatchLock(db)
      expect('release' in taken).toBe(true)
      if ('release' in taken) taken.release()
    }
  })

  test.runIf(process.platform === 'linux')(
    'of a process that has ended, but that its parent has not buried, is free',
    async () => {
      const db = join(scratchFolder(), 'x.db')
      // a shell that does not wait for its child
      const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] })
      const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
      await setTimeout(300)
      expect(readFileSync(`/proc/${Number(pid)}/stat`, 'utf8')).toContain(' Z ')
      writeFileSync(watchLockPath(db), JSON.stringify({ pid: Number(pid), startedAt: null }))
      expect(watchHolder(db)).toBe(null)
      parent.kill('SIGKILL')
    },
  )

  test('that was deleted with the database is taken again, and one that another has by now is not', () => {
    const db = join(scratchFolder(), 'x.db')
    const taken = takeWatchLock(db)
    if (!('release' in taken)) throw new Error('the lock was free')
    const lock = new KeptLock(db, taken.release)
    expect(lock.check()).toBe('kept')
    rmSync(watchLockPath(db))
    expect(lock.check()).toBe('retaken')
    expect(watchHolder(db)).toMatchObject({ pid: process.pid })
    writeFileSync(watchLockPath(db), JSON.stringify({ pid: process.ppid, startedAt: null }))
    expect(lock.check()).toMatchObject({ pid: process.ppid })
    lock.release()
    expect(watchHolder(db)).toMatchObject({ pid: process.ppid })
  })

  test('is not given up by one who has lost it', () => {
    const db = join(scratchFolder(), 'x.db')
    const taken = takeWatchLock(db)
    writeFileSync(watchLockPath(db), JSON.stringify({ pid: 1, startedAt: null }))
    if ('release' in taken) taken.release()
    expect(existsSync(watchLockPath(db))).toBe(true)
  })
})

describe('the log', () => {
  test('is put aside when it is full, three times, and is readable by its owner only', () => {
    const path = join(scratchFolder(), 'x.log')
    const log = openLog(path, { maxBytes: 200, clock: () => new Date(2026, 0, 1).getTime() })
    for (let i = 0; i < 60; i++) log.write(`line ${i}\nwith a break`)
    expect(readdirSync(join(path, '..')).sort()).toEqual(['x.log', 'x.log.1', 'x.log.2', 'x.log.3'])
    const newest = readFileSync(path, 'utf8')
    expect(newest).toContain('2026-01-01 00:00:00 line 59 with a break\n')
    expect(newest.length).toBeLessThanOrEqual(200)
    expect(readFileSync(`${path}.1`, 'utf8').length).toBeLessThanOrEqual(200)
  })

  test('goes on after what kept it from being written, and says how much was lost', () => {
    const folder = scratchFolder()
    const path = join(folder, 'x.log')
    mkdirSync(path) // a folder in its place
    const heard: string[] = []
    const log = openLog(path, { echo: (line) => heard.push(line) })
    log.write('one')
    log.write('two')
    expect(heard.filter((line) => line.includes('cannot be written'))).toHaveLength(1)
    rmSync(path, { recursive: true })
    log.write('three')
    expect(readFileSync(path, 'utf8')).toMatch(/ 2 lines could not be written before this one\n.* three\n$/)
  })
})

describe('the state', () => {
  const state: WatchState = {
    pid: 7,
    root: '/shop',
    startedAt: 1,
    writtenAt: 2,
    alongside: ['/other'],
    watching: { how: 'files', why: 'few files', files: 3, watches: 3, readyMs: 1.5 },
    heartbeats: [{ path: 'a.log', everyMs: 1000 }],
    facts: { at: 1, files: 3, ms: 20 },
    thinking: { subject: 'src/', done: 1, total: 2, grade: 'long', since: 1 },
    lastPass: { grade: 'short', endedAt: 1, end: 'done', reason: null, failures: 0, changedSince: false },
    money: {
      budget: { kind: 'left', tokens: 100, usd: null },
      spent: { day: { tokens: 5, usd: null }, month: { tokens: 5, usd: 0.1 } },
    },
    memoryMb: 80,
    state: 'idle',
    grade: 'long',
    cause: 'rest',
    reason: 'because',
    nextLookAt: 3,
    comes: 'change',
  }

  test('is read as it was written, and null while there is none or half of one', () => {
    const db = join(scratchFolder(), 'deep', 'x.db')
    expect(readState(db)).toBe(null)
    saveState(db, state)
    expect(readState(db)).toEqual(state)
    writeFileSync(statePath(db), '{"pid": 7, "sta')
    expect(readState(db)).toBe(null)
  })

  test('is none where the file holds something else than a state', () => {
    const db = join(scratchFolder(), 'x.db')
    const wrong = [
      'null',
      '[]',
      '7',
      JSON.stringify({ ...state, pid: -1 }),
      JSON.stringify({ ...state, heartbeats: null }),
      JSON.stringify({ ...state, state: 'toString' }),
      JSON.stringify({ ...state, money: { budget: { kind: 'left' }, spent: null } }),
      `${'['.repeat(100_000)}`,
    ]
    for (const text of wrong) {
      writeFileSync(statePath(db), text)
      expect(readState(db)).toBe(null)
    }
    rmSync(statePath(db))
    mkdirSync(statePath(db))
    expect(readState(db)).toBe(null)
  })

  test('is written at most once a second, and the newest is not lost', async () => {
    const db = join(scratchFolder(), 'x.db')
    let count = 0
    const writer = new StateWriter(db, openLog(`${db}.log`), () => ({ ...state, pid: count }))
    for (count = 1; count < 50; count++) writer.changed()
    expect(readState(db)).toMatchObject({ pid: 1 })
    await setTimeout(1100)
    expect(readState(db)).toMatchObject({ pid: 50 })
    writer.close()
  })

  test('that cannot be written is told once', () => {
    const db = join(scratchFolder(), 'x.db')
    mkdirSync(`${db}.watch.json.new`)
    const heard: string[] = []
    const log = { write: (line: string) => heard.push(line) }
    const writer = new StateWriter(db, log, () => state)
    writer.changed()
    writer.changed()
    writer.close()
    expect(heard).toEqual([expect.stringContaining('the state cannot be written')])
  })
})

describe('heartbeats', () => {
  const play = (path: string, times: readonly number[]) => {
    const heartbeats = new Heartbeats()
    return { beats: times.map((at) => heartbeats.note(path, at)), list: heartbeats.list() }
  }
  const every = (ms: number, count: number) => Array.from({ length: count }, (_, i) => 1_000_000 + i * ms)

  test('are learned after five equal intervals, with some unsteadiness', () => {
    const { beats, list } = play(
      'run/alive',
      every(10_000, 12).map((at, i) => at + (i % 3) * 300),
    )
    expect(beats).toEqual([false, false, false, false, false, false, true, true, true, true, true, true])
    expect(list).toEqual([{ path: 'run/alive', everyMs: expect.closeTo(10_000, -4) }])
  })

  test('the several events of one write are one beat', () => {
    const { beats } = play(
      'run/alive',
      every(10_000, 10).flatMap((at) => [at, at + 3, at + 40]),
    )
    expect(beats.slice(-6)).toEqual([true, true, true, true, true, true])
  })

  test('faster than a second or slower than an hour is none, and source files never are', () => {
    expect(play('run/alive', every(700, 100)).list).toEqual([])
    expect(play('run/alive', every(4_000_000, 20)).list).toEqual([])
    expect(play('src/clock.ts', every(10_000, 100)).list).toEqual([])
    expect(play('test/clock.test.ts', every(10_000, 100)).list).toEqual([])
  })

  test('are forgotten when the path changes off the beat twice', () => {
    const { beats, list } = play('run/alive', [...every(10_000, 10), 1_094_000, 1_098_000, 1_108_000])
    expect(beats.slice(-3)).toEqual([false, false, false])
    expect(list).toEqual([])
  })

  test('remember no more than 500 paths', () => {
    const heartbeats = new Heartbeats()
    for (let beat = 0; beat < 8; beat++)
      for (const name of ['x', 'y']) heartbeats.note(`run/${name}`, 1_000_000 + beat * 10_000)
    expect(heartbeats.list()).toHaveLength(2)
    for (let i = 0; i < 600; i++)
      heartbeats.note(
        `data/${'ghijklmnop'[i % 10]}${'qrstuvwxyz'[Math.floor(i / 10) % 10]}${'GHIJKLMN'[Math.floor(i / 100)]}`,
        2_000_000,
      )
    expect(heartbeats.list()).toEqual([])
  })
})

describe('the unit', () => {
  const options = {
    roots: ['/home/ada/my shop', '/home/ada/100%'],
    node: '/usr/bin/node',
    program: '/opt/repose/dist/bin/repose.js',
    log: '/home/ada/my shop/.git/repose/repose.db.watch.log',
  }

  test('for systemd names the service after the repository and quotes what systemd would read otherwise', () => {
    const unit = unitOf({ ...options, platform: 'linux' })
    expect(unit.name).toMatch(/^repose-watch-my-shop-[0-9a-f]{6}\.service$/)
    expect(unit.path).toBe(`.config/systemd/user/${unit.name}`)
    expect(unit.text).toContain(
      'ExecStart="/usr/bin/node" "/opt/repose/dist/bin/repose.js" "watch" "--repo" "/home/ada/my shop" "--also" "/home/ada/100%%"\n',
    )
    expect(unit.enable.at(-1)).toEqual(['systemctl', '--user', 'enable', '--now', unit.name])
    expect(unit.disable).toEqual([['systemctl', '--user', 'disable', '--now', unit.name]])
    expect(unit.text).not.toContain('OPENAI_API_KEY=s') // a key never lies in the unit
  })

  test('runs with the database and the model that were given', () => {
    const unit = unitOf({ ...options, platform: 'linux', db: '/srv/x.db', model: 'local' })
    expect(unit.text).toContain('"--repo" "/home/ada/my shop" "--db" "/srv/x.db" "--model" "local" "--also"')
  })

  test('for launchd is a property list that runs the same command', () => {
    const unit = unitOf({ ...options, roots: ['/Users/ada/a&b'], platform: 'darwin' })
    expect(unit.path).toMatch(/^Library\/LaunchAgents\/dev\.repose-watch-a-b-[0-9a-f]{6}\.plist$/)
    expect(unit.text).toContain('<string>/Users/ada/a&#38;b</string>')
    expect(unit.text).toContain('<key>RunAtLoad</key><true/>')
  })

  test('has a name of its own for each set of repositories', () => {
    const one = unitOf({ ...options, platform: 'linux' })
    const other = unitOf({ ...options, platform: 'linux', roots: ['/srv/my shop'] })
    expect(one.name).not.toBe(other.name)
  })
})
