import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { GitError, git, streamGit } from '../../src/repo/git.ts'
import { fakeGit } from '../helpers/fake-git.ts'
import { isWindows, removeFolder } from '../helpers/platform.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) removeFolder(folder)
})

function fake(lines: string): { folder: string; env: { PATH: string } } {
  const { folder, PATH } = fakeGit(lines)
  folders.push(folder)
  return { folder, env: { PATH } }
}

// A program that does not want to end, with a child that does not want to either; their numbers are written down.
const STUBBORN = `trap '' TERM INT HUP
sh -c 'trap "" TERM INT HUP; echo $$ > "$(dirname "$0")/child"; while :; do sleep 1; done' "$0" &
echo $$ > "$(dirname "$0")/self"
while :; do sleep 1; done`

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function pidsIn(folder: string): Promise<number[]> {
  const files = ['self', 'child'].map((name) => join(folder, name))
  while (!files.every((file) => existsSync(file) && readFileSync(file, 'utf8') !== '')) await wait(10)
  return files.map((file) => Number(readFileSync(file, 'utf8')))
}

describe.skipIf(isWindows)('a git that does not behave', () => {
  test('one that hangs and ignores every polite signal is ended within a second of an abort, with what it started', async () => {
    const { folder, env } = fake(STUBBORN)
    const stop = new AbortController()
    const run = git(folder, ['status'], { env, signal: stop.signal })
    run.catch(() => {})
    const pids = await pidsIn(folder)
    const at = performance.now()
    stop.abort(new Error('enough'))
    await expect(run).rejects.toThrow('enough')
    expect(performance.now() - at).toBeLessThan(1000)
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('one that takes too long is ended, and the failure says what to do', async () => {
    const { folder, env } = fake(STUBBORN)
    const run = git(folder, ['status'], { env, timeoutMs: 500 })
    run.catch(() => {})
    const pids = await pidsIn(folder)
    await expect(run).rejects.toBeInstanceOf(UserError)
    await expect(run).rejects.toThrow('git status took longer than 0.5 s')
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('one that is ended has ended with each of its many children, which do not hold its output', async () => {
    const { folder, env } = fake(`trap '' TERM
for i in $(seq 60); do (trap '' TERM; exec sleep 30) >/dev/null 2>&1 & echo $! >> "$(dirname "$0")/child"; done
echo $$ > "$(dirname "$0")/self"
while :; do sleep 1; done`)
    const stop = new AbortController()
    const run = git(folder, ['status'], { env, signal: stop.signal })
    run.catch(() => {})
    await pidsIn(folder)
    stop.abort(new Error('enough'))
    await expect(run).rejects.toThrow('enough')
    const pids = readFileSync(join(folder, 'child'), 'utf8').trim().split('\n').map(Number)
    expect(pids).toHaveLength(60)
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('one that never ceases to write is ended, and memory does not grow with it', async () => {
    const { folder, env } = fake('exec yes repose')
    const before = process.memoryUsage.rss()
    await expect(git(folder, ['log'], { env })).rejects.toThrow('git log printed more than 256 MB')
    expect(process.memoryUsage.rss() - before).toBeLessThan(600e6)
    let bytes = 0
    await streamGit(folder, ['log'], {
      env,
      onOutput(chunk) {
        bytes += chunk.length
        return bytes < 100_000
      },
    })
    expect(bytes).toBeLessThan(1_000_000)
  })

  test('one that floods standard error fails with the beginning of it', async () => {
    const { folder, env } = fake('head -c 50000000 /dev/zero | tr "\\\\0" x >&2; exit 9')
    const error = await git(folder, ['log'], { env }).catch((one: unknown) => one as GitError)
    expect(error).toMatchObject({ name: 'GitError', exitCode: 9 })
    expect((error as GitError).stderr.length).toBeLessThan(200_000)
  })

  test('one that does not read what it is given is no failure', async () => {
    const { folder, env } = fake('echo done')
    expect(await git(folder, ['log'], { env, input: 'x'.repeat(20_000_000) })).toBe('done\n')
  })

  test('one that leaves a helper behind which holds its output is not waited for', async () => {
    const { folder, env } = fake('sleep 30 & echo $! > "$(dirname "$0")/child"; echo done')
    expect(await git(folder, ['status'], { env })).toBe('done\n')
    process.kill(Number(readFileSync(join(folder, 'child'), 'utf8')), 'SIGKILL')
  })

  test('one that is killed says by what', async () => {
    const { folder, env } = fake('kill -9 $$')
    await expect(git(folder, ['log'], { env })).rejects.toBeInstanceOf(GitError)
  })
})

test('arguments that no program can get are a failure of git', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'repose-git-'))
  folders.push(folder)
  await expect(git(folder, ['grep', 'a\0b'])).rejects.toBeInstanceOf(GitError)
  await expect(git(folder, ['grep', 'x'.repeat(4_000_000)])).rejects.toBeInstanceOf(GitError)
})

test('a folder that is gone is told from a git that is not there', async () => {
  const gone = join(tmpdir(), 'repose-no-such-folder')
  await expect(git(gone, ['status'])).rejects.toThrow(/cannot be run/)
  await expect(git(tmpdir(), ['status'], { env: { PATH: '/nowhere' } })).rejects.toThrow('git was not found')
})
