import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { fakeGit } from '../helpers/fake-git.ts'
import { isWindows, removeFolder } from '../helpers/platform.ts'
import { type Run, startRepose } from '../helpers/start-repose.ts'

const scratch = mkdtempSync(join(tmpdir(), 'repose-interrupted-'))
afterAll(() => removeFolder(scratch))

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', args, { cwd, encoding: 'utf8', env: cleanEnvironment() })

/** A repository with `count` files of uncommitted text, and a diff that changes them all. */
function started(count: number) {
  const root = mkdtempSync(join(scratch, 'r-'))
  const path = (i: number) => join(root, `${i}.txt`)
  const put = (text: string) => {
    for (let i = 0; i < count; i++) writeFileSync(path(i), `${text} ${i}\n`)
  }
  git(root, 'init', '-q')
  put('committed')
  git(root, 'add', '-A')
  git(root, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first')
  put('mine')
  git(root, 'add', '-A')
  put('new')
  const diff = join(scratch, `${count}.diff`)
  writeFileSync(diff, git(root, 'diff'))
  put('mine')
  const texts = () =>
    new Set(Array.from({ length: count }, (_, i) => existsSync(path(i)) && readFileSync(path(i), 'utf8').split(' ')[0]))
  return { root, diff, first: path(0), texts }
}

/** Runs a command, presses Ctrl-C twice once `isAt` is true, and waits until it has ended. */
async function interruptTwice(
  args: readonly string[],
  root: string,
  isAt: () => boolean,
  PATH = process.env.PATH!,
): Promise<Run> {
  return startRepose(args, {
    cwd: root,
    env: { PATH },
    during(child) {
      void (async () => {
        while (!isAt() && child.exitCode === null) await wait(1)
        child.kill('SIGINT')
        await wait(10)
        child.kill('SIGINT')
      })()
    },
  })
}

describe.skipIf(isWindows)('Ctrl-C while files of the user are written', () => {
  test('apply ends its work, says so, and can be taken back', async () => {
    const { root, diff, first, texts } = started(3)
    // git removes all files before it writes the first; this one takes two seconds between
    const slow = fakeGit(
      `PATH=${JSON.stringify(process.env.PATH)}; export PATH
case " $* " in
*" --check "* | *" --numstat "*) ;;
*" apply "*) mv ${first} ${first}.aside; sleep 2; mv ${first}.aside ${first} ;;
esac
exec git "$@"`,
    )
    try {
      const run = await interruptTwice(['apply', diff, '--yes'], root, () => !existsSync(first), slow.PATH)
      expect(texts()).toEqual(new Set(['new']))
      expect(run.stderr).toContain('your files are being written: repose ends when they are whole')
      expect(run.stderr).toContain('applied to 3 files')
      expect(run.code).toBe(130)
    } finally {
      rmSync(slow.folder, { recursive: true })
    }
    expect((await startRepose(['undo'], { cwd: root })).code).toBe(0)
    expect(texts()).toEqual(new Set(['mine']))
  })

  test('undo restores every file', async () => {
    const { root, diff, first, texts } = started(500)
    expect((await startRepose(['apply', diff, '--yes'], { cwd: root })).code).toBe(0)
    const run = await interruptTwice(
      ['undo'],
      root,
      () => !existsSync(first) || readFileSync(first, 'utf8').startsWith('mine'),
    )
    expect(texts()).toEqual(new Set(['mine']))
    expect(run.code).toBe(130)
    expect((await startRepose(['undo'], { cwd: root })).stderr).toContain('there is no applied result to take back')
  })
})
