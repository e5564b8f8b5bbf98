import { chmodSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { applyKept } from '../../src/repo/apply-kept.ts'
import { findResult, keepResult } from '../../src/repo/results.ts'
import { undoResult } from '../../src/repo/undo-result.ts'
import { isWindows } from '../helpers/platform.ts'
import { read, scratchFolder, scratchRepo, sh, write } from '../repo/scratch-repo.ts'

let root: string
beforeEach(() => {
  root = scratchRepo({ 'a.txt': 'a\nb\nc\nd\n', 'src/b.txt': 'b\n' })
})
const state = () => [
  sh(root, 'status', '--porcelain', '-uall'),
  read(root, 'a.txt'),
  ...readdirSync(`${root}/.git/hooks`),
]

async function apply(diff: string) {
  const kept = await keepResult(`${root}/.git`, { diff, run: null, request: null })
  return { end: await applyKept(root, kept, diff, { merge: true }), id: kept.id }
}

const made = (path: string, mode = '100644', text = 'evil') =>
  `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${text}\n\\ No newline at end of file\n`
const moved = (from: string, to: string) =>
  `diff --git a/${from} b/${to}\nsimilarity index 100%\nrename from ${from}\nrename to ${to}\n`

describe('a diff of somebody else is taken back whole', () => {
  test.each<[string, () => string]>([
    ['that renames', () => moved('a.txt', 'c.txt')],
    ['that renames into a folder, and makes another in its place', () => moved('a.txt', 'x/y/a.txt') + made('n.txt')],
    ['that renames in a circle', () => moved('a.txt', 't') + moved('src/b.txt', 'a.txt')],
    ['that copies', () => 'diff --git a/a.txt b/c.txt\nsimilarity index 100%\ncopy from a.txt\ncopy to c.txt\n'],
    [
      'that renames what is not committed',
      () => {
        write(root, 'a.txt', 'mine\n')
        return moved('a.txt', 'c.txt')
      },
    ],
  ])('%s', async (_, diff) => {
    const text = diff()
    const before = state()
    const { end, id } = await apply(text)
    expect(end).toMatchObject({ status: 'applied', canUndo: true })
    expect((await undoResult(root, (await findResult(`${root}/.git`, id))!)).status).toBe('undone')
    expect(state()).toEqual(before)
  })
})

describe.skipIf(isWindows)('a diff leads nowhere else', () => {
  test.each([
    ['to what git keeps', made('.git/hooks/post-checkout', '100755')],
    ['to what git keeps, by case', made('.GIT/hooks/post-checkout', '100755')],
    ['out of the repository', made('../evil')],
    ['out of it by the way', made('src/../../evil')],
    ['to the top of the machine', made('/tmp/evil-of-a-diff')],
    ['through a link that it makes', made('x', '120000', '/tmp') + made('x/evil-of-a-diff')],
    ['by a rename', moved('a.txt', '../a.txt')],
    ['by a rename of what git keeps', moved('.git/config', 'config')],
  ])('%s', async (_, diff) => {
    const before = state()
    const outcome = await apply(diff).catch((error: unknown) => error)
    expect(outcome).not.toMatchObject({ end: { status: 'applied' } })
    expect(state()).toEqual(before)
    expect(lstatSync('/tmp/evil-of-a-diff', { throwIfNoEntry: false })).toBe(undefined)
    expect(lstatSync(`${root}/../evil`, { throwIfNoEntry: false })).toBe(undefined)
  })
})

describe.skipIf(isWindows)('a link of the repository that leads out', () => {
  const gone = (path: string, mode: string, text: string) =>
    `diff --git a/${path} b/${path}\ndeleted file mode ${mode}\n--- a/${path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-${text}\n`
  const NO_END = '\\ No newline at end of file\n'
  let outside: string
  let to: string
  beforeEach(() => {
    outside = scratchFolder()
    write(outside, 'mine', 'mine')
    to = `../../${basename(outside)}`
  })

  test('takes no file away where git gives up half way', async () => {
    write(root, '.gitattributes', '*.bin filter=none\n')
    sh(root, 'config', 'filter.none.smudge', 'false')
    sh(root, 'config', 'filter.none.required', 'true')
    symlinkSync(to, `${root}/link`)
    sh(root, 'add', '-A')
    const diff = made('a.bin') + gone('link', '120000', to) + NO_END + made('link/mine')
    const before = state()
    await expect(apply(diff)).rejects.toThrow(/smudge filter/)
    expect(state()).toEqual(before)
    expect(readFileSync(`${outside}/mine`, 'utf8')).toBe('mine')
  })

  test('changes no modes of files behind it where a diff makes it of a folder', async () => {
    write(root, 'link/mine', 'evil\n')
    chmodSync(`${outside}/mine`, 0o600)
    sh(root, 'add', '-A')
    const { end } = await apply(gone('link/mine', '100644', 'evil') + made('link', '120000', to))
    expect(end).toMatchObject({ status: 'applied', canUndo: false })
    expect(lstatSync(`${outside}/mine`).mode & 0o777).toBe(0o600)
  })
})
