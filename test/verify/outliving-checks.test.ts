import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openChecking } from '../../agents/feature/checking.ts'
import { type AgentWorktree, openWorktree, sweepWorktrees } from '../../src/repo/worktree.ts'
import { NOTHING_MORE } from '../../src/verify/cage/cage.ts'
import { isCage, openCage } from '../../src/verify/cage/open-cage.ts'
import { processesBelow } from '../../src/verify/cage/processes-below.ts'
import { checkEnvironment } from '../../src/verify/check-environment.ts'
import { runChecks } from '../../src/verify/run-checks.ts'
import { read, scratchRepo } from '../repo/scratch-repo.ts'
import { whyNoCage } from './cage-lab.ts'

const missing = ['chrt', 'taskset', 'perl'].find((name) => spawnSync(name, ['--version']).error)
const reason = whyNoCage() ?? (missing ? `${missing} is not installed` : null)
if (reason !== null) console.log(`no checks that outlive their end: ${reason}`)

let repo: string
let worktree: AgentWorktree
beforeEach(async () => {
  repo = scratchRepo({ 'd/a.txt': 'a\n' })
  worktree = await openWorktree(repo)
})
afterEach(async () => {
  await worktree.close()
})

/** Starts a check that says 'ready' in its worktree, and returns its end and the first process of its cage. */
async function start(command: string, timeoutMs: number) {
  const { root } = worktree
  const cage = await openCage({ root }, NOTHING_MORE, checkEnvironment(process.env))
  if (!isCage(cage)) throw new Error(cage.why)
  const end = runChecks(root, [{ name: 'one', command, timeoutMs }], { cage })
  end.catch(() => {})
  return { end, first: await firstOfCage() }
}

async function firstOfCage(): Promise<number> {
  while (!existsSync(join(worktree.root, 'ready'))) await delay(20)
  return processesBelow(process.pid).find((pid) => /^NSpid:.*\t1$/m.test(statusOf(pid)))!
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1')
  } catch {
    return ''
  }
}

describe.skipIf(reason !== null)('the first process of a cage ends all others', () => {
  test('where they leave it no processor time, nothing of them lives when the check has ended', async () => {
    const one = /^Cpus_allowed_list:\s*(\d+)/m.exec(statusOf(process.pid))![1]!
    // in groups of their own, in the session of the first process: what does not end with its group, and shares its time
    const loops = `for (1..30) { next if fork; setpgrp; $SIG{TERM} = "IGNORE"; 1 while 1 }`
    const { end, first } = await start(
      `taskset -c ${one} perl -e '${loops}'; setsid sh -c 'trap "" TERM; while :; do echo >>tick; done' & sleep 0.3; echo >ready; sleep 60`,
      3000,
    )
    execFileSync('taskset', ['-cp', one, String(first)])
    execFileSync('chrt', ['--idle', '-p', '0', String(first)])
    const all = processesBelow(first)
    expect(all.length).toBeGreaterThan(30)
    expect(await end).toMatchObject([{ status: 'failed', output: expect.stringContaining('no result after 3 s') }])
    const size = statSync(join(worktree.root, 'tick')).size
    expect([first, ...all].filter((pid) => /^State:\s+[^ZX\s]/m.test(statusOf(pid)))).toEqual([])
    await delay(100)
    expect(statSync(join(worktree.root, 'tick')).size).toBe(size)
    expect(await worktree.close()).toBe(true)
  })

  test('where it does not end, the worktree is not touched until it has', async () => {
    const interrupted = new AbortController()
    const checking = openChecking(worktree, { passedAt: () => 1, notePass() {} }, async () => [], {
      checks: [`rm d/a.txt; echo >ready; sleep 60`],
      checkTimeoutMs: 60_000,
      cage: NOTHING_MORE,
      onlyCaged: true,
      signal: interrupted.signal,
    })
    const end = checking.run()
    const tracer = await hold(await firstOfCage())
    if (!tracer) {
      interrupted.abort()
      await end
      return console.log('not tried: this system lets no process trace another')
    }
    try {
      const began = performance.now()
      interrupted.abort()
      expect(await end).toMatchObject([
        { status: 'refused', output: expect.stringMatching(/^the checks could not be ended: .* still alive/) },
      ])
      expect(performance.now() - began).toBeLessThan(1000)
      expect(checking.isBroken()).toBe(true)
      expect(existsSync(join(worktree.root, 'd/a.txt'))).toBe(false)
      expect(await checking.run()).toMatchObject([{ status: 'refused' }])

      expect(await worktree.close()).toBe(false)
      const note = join(dirname(worktree.root), 'owner.json')
      writeFileSync(
        note,
        JSON.stringify({ ...JSON.parse(readFileSync(note, 'utf8')), startedAt: 'of a process before' }),
      )
      expect(await sweepWorktrees(repo)).toEqual([])
      expect(existsSync(join(worktree.root, 'ready'))).toBe(true)
    } finally {
      tracer.kill('SIGKILL')
      await once(tracer, 'exit')
    }
    while ((await sweepWorktrees(repo)).length === 0) await delay(20)
    expect(existsSync(dirname(worktree.root))).toBe(false)
    expect(read(repo, 'd/a.txt')).toBe('a\n')
  })
})

/** Stops a process at its exit, as long as the tracer lives. null: not allowed. */
async function hold(pid: number): Promise<ChildProcess | null> {
  const [ptrace, seize, traceExit] = [process.arch === 'arm64' ? 117 : 101, 0x4206, 0x40]
  const script = `$| = 1; print syscall(${ptrace}, ${seize}, ${pid}, 0, ${traceExit}), "\\n"; sleep 60`
  const tracer = spawn('perl', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(tracer.stdout, 'data')) as [Buffer]
  if (String(said).trim() === '0') return tracer
  tracer.kill('SIGKILL')
  return null
}
