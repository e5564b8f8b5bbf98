import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { takeWatchLock } from '../../src/daemon/lock.ts'
import { logPath, openLog } from '../../src/daemon/log.ts'
import { saveState, type WatchState } from '../../src/daemon/state.ts'
import { makePrivateFolder, openPrivate } from '../../src/files/private-files.ts'
import { openTranscript } from '../../src/loop/transcript.ts'
import { keepDiff } from '../../src/repo/keep-diff.ts'
import { openStore } from '../../src/store/open-store.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder, scratchRepo, sh } from '../repo/scratch-repo.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

function withUmask(mask: number): void {
  const before = process.umask(mask)
  onTestFinished(() => void process.umask(before))
}

/** Everything in a folder, itself as '', by its mode. */
const modesIn = (folder: string) =>
  Object.fromEntries(
    ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((name) => [
      name,
      modeOf(join(folder, name)),
    ]),
  )

describe.skipIf(isWindows)("what repose keeps is its owner's alone", () => {
  test.each([0o000, 0o002, 0o022, 0o777])('whatever the umask is: %o', async (mask) => {
    const git = join(scratchRepo({ 'a.ts': 'export const a = 1\n' }), '.git')
    withUmask(mask)
    const folder = join(git, 'repose')
    const db = join(folder, 'repose.db')
    const store = openStore(db)
    store.facts.worktree('/shop')
    const past = openStore(`${db}.past`)
    const lock = takeWatchLock(db)
    const log = openLog(logPath(db))
    log.write('one line')
    saveState(db, { pid: 1 } as WatchState)
    openTranscript(join(folder, 'transcripts'), 0).note('asked', {})
    await keepDiff(git, 'diff')
    const modes = modesIn(folder)
    store.close()
    past.close()
    if ('release' in lock) lock.release()
    const folders = ['', 'transcripts', 'results']
    expect(Object.keys(modes)).toEqual(
      expect.arrayContaining(
        ['-wal', '-shm', '.past', '.past-wal', '.watch.lock', '.watch.log', '.watch.json'].map(
          (end) => `repose.db${end}`,
        ),
      ),
    )
    for (const [name, mode] of Object.entries(modes)) expect(mode, name).toBe(folders.includes(name) ? '700' : '600')
  })

  test('also what an earlier version left readable', async () => {
    const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
    const folder = join(root, '.git/repose')
    await runRepose(['sleep'], { cwd: root })
    openTranscript(join(folder, 'transcripts'), 0)
    writeFileSync(logPath(join(folder, 'repose.db')), 'old\n')
    for (const name of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
      chmodSync(join(folder, name), statSync(join(folder, name)).isDirectory() ? 0o755 : 0o644)
    await runRepose(['status'], { cwd: root })
    for (const [name, mode] of Object.entries(modesIn(folder)))
      expect(mode, name).toBe(['', 'transcripts'].includes(name) ? '700' : '600')
  })

  test('a database elsewhere is private, and the folder that it stands in is left as it is', () => {
    const folder = scratchFolder()
    chmodSync(folder, 0o755)
    const repose = join(folder, 'repose') // the name alone makes it none of ours
    mkdirSync(repose, { mode: 0o755 })
    for (const path of [join(folder, 'x.db'), join(repose, 'x.db'), join(folder, 'new/deep/x.db')]) {
      openStore(path).close()
      expect(modeOf(path)).toBe('600')
    }
    expect([folder, repose].map(modeOf)).toEqual(['755', '755'])
    expect([join(folder, 'new'), join(folder, 'new/deep')].map(modeOf)).toEqual(['700', '700'])
  })

  test('nothing is corrected or written through a symbolic link', () => {
    const git = join(scratchRepo({ 'a.ts': '' }), '.git')
    const other = join(scratchFolder(), 'mine')
    writeFileSync(other, 'mine', { mode: 0o644 })
    const folder = join(git, 'repose')
    mkdirSync(folder, { mode: 0o755 })
    for (const name of ['linked', 'repose.db.watch.log', 'repose.db.watch.json.new'])
      symlinkSync(other, join(folder, name))
    makePrivateFolder(folder)
    expect(modeOf(folder)).toBe('700')
    expect(() => openPrivate(join(folder, 'linked'), 'append')).toThrow('not a regular file')
    const log = openLog(logPath(join(folder, 'repose.db')))
    log.write('a line')
    saveState(join(folder, 'repose.db'), { pid: 1 } as WatchState)
    expect(modeOf(other)).toBe('644')
    expect(readFileSync(other, 'utf8')).toBe('mine')

    const elsewhere = scratchFolder()
    chmodSync(elsewhere, 0o755)
    const linkedGit = join(scratchRepo({ 'a.ts': '' }), '.git')
    symlinkSync(elsewhere, join(linkedGit, 'repose'))
    openStore(join(linkedGit, 'repose/repose.db')).close()
    expect(modeOf(elsewhere)).toBe('755')
    expect(modeOf(join(elsewhere, 'repose.db'))).toBe('600')
  })

  test('in a repository that git shares with a group, the group has what the group has of git', () => {
    const root = join(scratchFolder(), 'shared')
    mkdirSync(root)
    sh(root, 'init', '-q', '--shared=group')
    withUmask(0o077)
    const folder = join(root, '.git/repose')
    openStore(join(folder, 'repose.db')).close()
    openTranscript(join(folder, 'transcripts'), 0)
    const modes = modesIn(folder)
    expect([modes[''], modes['repose.db'], modes.transcripts]).toEqual(['2770', '660', '2770'])
    expect(existsSync(join(root, '.git/repose/repose.db'))).toBe(true)
  })

  test('to open a database that this process has open takes no lock from it', async () => {
    const root = scratchRepo({ 'a.ts': 'export const a = 1\n' })
    const path = join(scratchFolder(), 'x.db')
    const store = openStore(path)
    store.facts.worktree('/shop')
    chmodSync(path, 0o644)
    openStore(path).close()
    expect(modeOf(path)).toBe('600')
    const clean = await runRepose(['clean', '--yes', '--db', path], { cwd: root })
    store.close()
    expect(clean).toMatchObject({ code: 1, stderr: expect.stringContaining('in use by another process') })
  })
})
