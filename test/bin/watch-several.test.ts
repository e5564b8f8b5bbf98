import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { watchHolder } from '../../src/daemon/lock.ts'
import { readState } from '../../src/daemon/read-state.ts'
import { isWindows } from '../helpers/platform.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchRepo } from '../repo/scratch-repo.ts'
import { openWatchLab, WATCH } from './watch-lab.ts'

const CALM = { watch: { ...WATCH, shortMinutes: 60 } }
const databaseOf = (root: string) => join(root, '.git/repose/repose.db')
const holderOf = (root: string) => watchHolder(databaseOf(root))?.pid ?? null

test('one daemon serves several repositories; stop says so, and restart starts it for all', async () => {
  const { root, watch } = openWatchLab(CALM)
  const other = scratchRepo({ 'src/o.ts': 'export const o = 1\n' }, 'other')
  const started = await watch('start', '--also', other)
  const pid = Number(/started, pid (\d+)/.exec(started.stdout)![1])
  expect([holderOf(root), holderOf(other)]).toEqual([pid, pid])
  expect(readState(databaseOf(root))!.alongside).toEqual([other])

  const again = await watch('restart')
  expect(again.stdout).toContain(`it watched ${other} too`)
  const next = Number(/started, pid (\d+)/.exec(again.stdout)![1])
  expect(next).not.toBe(pid)
  expect([holderOf(root), holderOf(other)]).toEqual([next, next])

  expect((await watch('stop')).stdout).toBe(`stopped, pid ${next}\nit watched ${other} too\n`)
  expect([holderOf(root), holderOf(other)]).toEqual([null, null])
}, 60_000)

test('a repository of the list that is gone is said and left out; one that was named is an error', async () => {
  const { root, home, watch } = openWatchLab(CALM)
  const other = scratchRepo({ 'src/o.ts': 'export const o = 1\n' }, 'other')
  const gone = join(root, '..', 'gone')
  writeFileSync(join(home, 'repose/config.json'), JSON.stringify({ ...CALM, repositories: [gone, other] }))
  const started = await watch('start', '--all')
  expect(started.stderr).toContain('left out: ')
  expect(started.stderr).toContain(gone)
  expect(holderOf(other)).toBe(holderOf(root))
  expect(holderOf(other)).not.toBe(null)
  await watch('stop')
  expect((await watch('start', '--also', gone)).code).toBe(2)
}, 60_000)

test.skipIf(isWindows)(
  'one that must not be watched does not keep the others from it',
  async () => {
    const lab = openWatchLab(CALM)
    const home = scratchRepo({ 'notes.txt': 'x\n' }, 'home')
    const run = await runRepose(['watch', '--also', home], {
      cwd: lab.root,
      env: { ...lab.env, HOME: home, USERPROFILE: home },
      during(child) {
        let seen = ''
        child.stdout!.on('data', (data) => {
          seen += data
          if (/facts: 3 paths changed/.test(seen) && !child.killed) child.kill('SIGTERM')
        })
      },
    })
    expect(run.code).toBe(0)
    expect(run.stderr).toContain(`not watched: ${home} holds your whole home folder`)
  },
  60_000,
)

test('a database among the files to watch is refused, unless git ignores it', async () => {
  const { root, watch } = openWatchLab(CALM)
  const db = join(root, 'own.db')
  const refused = await watch('start', '--db', db)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(`the database ${db} lies among the files to watch`)
  rmSync(`${db}.watch.log`, { force: true })
  writeFileSync(join(root, '.gitignore'), 'own.db*\n')
  onTestFinished(async () => {
    await watch('stop', '--db', db)
  })
  expect((await watch('start', '--db', db)).code).toBe(0)
}, 60_000)
