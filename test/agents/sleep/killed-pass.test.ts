import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { takePassLock } from '../../../agents/sleep/pass-lock.ts'
import { PACKAGE_ROOT } from '../../../src/assets.ts'
import { UserError } from '../../../src/errors.ts'
import { isWindows } from '../../helpers/platform.ts'
import { fileNote, noting, purposes } from './note-model.ts'
import { openLab } from './sleep-lab.ts'

const built = (path: string) => JSON.stringify(pathToFileURL(join(PACKAGE_ROOT, 'dist', path)))

/** A process that runs a pass. Its model answers some calls with NOTE, then it prints 'asking' and waits. Arguments: ROOT DB ANSWERS NOTE. */
const CHILD = `
  import { runSleepPass } from ${built('agents/sleep/agent.js')}
  import { refreshFacts } from ${built('src/indexing/refresh-facts.js')}
  import { scriptedLlm } from ${built('src/llm/scripted-llm.js')}
  import { openRepo } from ${built('src/repo/open-repo.js')}
  import { openStore } from ${built('src/store/open-store.js')}

  const [root, db, answers, note] = process.argv.slice(1)
  let asked = 0
  const answer = async () => {
    if (++asked <= Number(answers)) return note
    process.stdout.write('asking\\n')
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  }
  const llm = scriptedLlm(Array(500).fill(answer), { model: 'noter' })
  const repo = await openRepo(root)
  const store = openStore(db)
  const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1_000_000, maxCommits: 100, processes: 1 })
  await runSleepPass({ repo, store, worktree, llm, budget: {}, concurrency: 1 })`

/** Starts a pass in another process and waits until it is in the call after `answers` calls. */
async function startPass(root: string, db: string, answers: number): Promise<ChildProcess> {
  const args = ['--input-type=module', '-e', CHILD, root, db, String(answers), fileNote()]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [first] = (await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')])) as [Buffer | number]
  expect(String(first)).toBe('asking\n')
  return child
}

async function killNow(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

test('kill -9 loses only the call under way, leaves a receipt, and the next pass goes on', async () => {
  const { root, db, store, pass } = await openLab()
  await killNow(await startPass(root, db, 3))
  expect(existsSync(`${db}.sleep.lock`)).toBe(true)
  const [receipt] = store.ledger.receipts(1)
  expect(receipt).toMatchObject({ stop: null, endedAt: null, written: 3, calls: 3 })
  expect(store.summaries.counts()).toContainEqual({ kind: 'file', model: 'noter', n: 3 })

  const llm = noting()
  expect(await pass(llm)).toMatchObject({ stop: 'done', reused: 3, written: 6 })
  expect(purposes(llm)).toEqual({ 'file-summary': 2, 'module-summary': 3, 'repository-summary': 1 })
  expect(existsSync(`${db}.sleep.lock`)).toBe(false)
})

test('while a pass runs, another one is refused and spends nothing', async () => {
  const { root, db, store, pass } = await openLab()
  const child = await startPass(root, db, 1)
  const llm = noting()
  const error = await pass(llm).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UserError)
  expect(error).toMatchObject({ message: `another sleep pass is running (pid ${child.pid})`, exitCode: 1 })
  expect(llm.requests).toEqual([])
  expect(store.ledger.receipts(5)).toHaveLength(1)
  await killNow(child)
  expect(await pass(noting())).toMatchObject({ stop: 'done' })
})

test('a lock of a process that is gone, or whose number another one has by now, is taken over', async () => {
  const { db, store } = await openLab({ 'a.ts': 'export const a = 1\n' })
  const path = `${db}.sleep.lock`
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  for (const holder of [
    JSON.stringify({ pid: child.pid, startedAt: null }),
    ...(isWindows ? [] : [JSON.stringify({ pid: process.pid, startedAt: 'long ago' })]), // it does not say when one began
    '',
    '{"pid": -1}',
  ]) {
    writeFileSync(path, holder)
    const release = takePassLock(store.db)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
    release()
    expect(existsSync(path)).toBe(false)
  }
})

test('one process cannot run two passes at once either', async () => {
  const { store } = await openLab({ 'a.ts': 'export const a = 1\n' })
  const release = takePassLock(store.db)
  expect(() => takePassLock(store.db)).toThrow(`another sleep pass is running (pid ${process.pid})`)
  release()
  takePassLock(store.db)()
})
