import { expect, test } from 'vitest'
import { filesOf } from '../../src/repo/apply-result.ts'
import { filesInDiff } from '../../src/repo/diff-parts.ts'
import { GitError, git } from '../../src/repo/git.ts'
import { scratchRepo, sh, write } from './scratch-repo.ts'

const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)]
const HUNK = '@@ -1 +1 @@\n-old\n+new\n'
const CHANGE = `diff --git a/x b/x\nindex ${OLD}..${NEW} 100644\n--- a/x\n+++ b/x\n${HUNK}`

/** Diffs that nobody but an attacker, or another program, would write. */
const CRAFTED: Readonly<Record<string, string>> = {
  'a rename': 'diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n',
  'a rename in old words': 'diff --git a/x b/x\nsimilarity index 100%\nrename old x\nrename new y\n',
  'a copy': 'diff --git a/x b/y\nsimilarity index 100%\ncopy from x\ncopy to y\n',
  'two names in the first line': `diff --git a/x b/y\nindex ${OLD}..${NEW} 100644\n--- a/x\n+++ b/y\n${HUNK}`,
  'another old name': `diff --git a/x b/x\nindex ${OLD}..${NEW} 100644\n--- a/secret\n+++ b/x\n${HUNK}`,
  'another new name': `diff --git a/x b/x\nindex ${OLD}..${NEW} 100644\n--- a/x\n+++ b/secret\n${HUNK}`,
  'a rename behind a change': `${CHANGE}diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n`,
  'a rename behind words': `${CHANGE}some words\ndiff --git a/x b/y\nrename from x\nrename to y\n`,
  'a name behind a carriage return': `diff --git a/secret b/secret\n--- a/secret\nindex ${OLD}..${NEW}\rdiff --git a/x b/x\n+++ b/x\n${HUNK}`,
  'a name behind a line separator': `diff --git a/secret b/secret\n--- a/secret\nindex ${OLD}..${NEW}\u2028diff --git a/x b/x\n+++ b/x\n${HUNK}`,
  'no file, and not new': `diff --git a/x b/x\nindex ${OLD}..${NEW} 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+new\n`,
  'names three times': `diff --git a/x b/x\n--- a/x\n+++ b/x\n--- a/secret\n+++ b/x\n${HUNK}`,
  'a rename behind a name': `diff --git a/x b/x\n--- a/x\nrename from secret\n+++ b/x\n${HUNK}`,
  'words first': `words\n${CHANGE}`,
  'line ends of another system': CHANGE.replaceAll('\n', '\r\n'),
  'no names of git': `--- a/x\n+++ b/y\n${HUNK}`,
}

/** Diffs that have one name in all places. */
const PLAIN: Readonly<Record<string, string>> = {
  'a change': CHANGE,
  'two changes': CHANGE + CHANGE.replaceAll('/x', '/y'),
  'a name with spaces': `diff --git a/x y b/x y\nindex ${OLD}..${NEW} 100644\n--- a/x y\t\n+++ b/x y\t\n${HUNK}`,
  'a quoted name': `diff --git "a/\\303\\251" "b/\\303\\251"\nindex ${OLD}..${NEW} 100644\n--- "a/\\303\\251"\n+++ "b/\\303\\251"\n${HUNK}`,
  'a new file': `diff --git a/x b/x\nnew file mode 100644\nindex ${'0'.repeat(40)}..${NEW}\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+new\n`,
  'an empty new file': `diff --git a/x b/x\nnew file mode 100644\nindex ${'0'.repeat(40)}..${NEW}\n`,
  'a deleted file': `diff --git a/x b/x\ndeleted file mode 100644\nindex ${OLD}..${'0'.repeat(40)}\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n`,
  'a mode': 'diff --git a/x b/x\nold mode 100644\nnew mode 100755\n',
  'lines that look like headers': `diff --git a/x b/x\nindex ${OLD}..${NEW} 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/secret\n-rename from x\n+++ b/secret\n+rename to x\n`,
  'a patch without a header of git behind': `${CHANGE}--- a/y\n+++ b/z\n${HUNK}`,
}

/** All paths that git says a diff touches, forwards and backwards; null: it cannot read it. */
async function touched(root: string, diff: string): Promise<string[] | null> {
  const ask = (...way: string[]) => git(root, ['apply', '--numstat', ...way, '-z'], { input: diff })
  const pathsOf = (list: string) =>
    list
      .split('\0')
      .filter(Boolean)
      .map((entry) => entry.replace(/^[\d-]+\t[\d-]+\t/, ''))
  try {
    return [...new Set([...pathsOf(await ask()), ...pathsOf(await ask('--reverse'))])].sort()
  } catch (error) {
    if (error instanceof GitError) return null
    throw error
  }
}

test.each(Object.entries({ ...CRAFTED, ...PLAIN }))('%s: the files are those of both ways', async (_, diff) => {
  const root = scratchRepo({ x: 'old\n', secret: 'old\n' })
  const both = await touched(root, diff)
  if (both === null) await expect(filesOf(root, diff)).rejects.toThrow(GitError)
  else expect(await filesOf(root, diff)).toEqual(both)
})

test('of crafted diffs that hide a name in one way, both names are listed', async () => {
  const root = scratchRepo({ x: 'old\n', secret: 'old\n' })
  for (const name of ['another old name', 'another new name', 'a rename behind a name'])
    expect(await filesOf(root, CRAFTED[name]!), name).toEqual(['secret', 'x'])
})

test('the files of a real diff are those of both ways', async () => {
  const root = scratchRepo({ x: 'old\n', 'gone é.txt': 'gone\n', run: '#!\n', bytes: Buffer.from([0, 1, 2]) })
  write(root, 'x', 'new\n')
  write(root, 'made here.txt', 'made\n')
  write(root, 'bytes', Buffer.from([0, 3, 4]))
  sh(root, 'rm', '-q', 'gone é.txt')
  sh(root, 'update-index', '--chmod=+x', 'run')
  sh(root, 'add', '-A')
  sh(root, 'update-index', '--chmod=+x', 'run')
  const diff = sh(root, 'diff', '--cached', '--binary', '--full-index', '--no-renames')
  expect(await filesOf(root, diff)).toEqual(['bytes', 'gone é.txt', 'made here.txt', 'run', 'x'])
  const renamed = 'diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n'
  expect(await filesOf(root, renamed)).toEqual(['x', 'y'])
})

test.each([
  ['with headers of git', CHANGE + CHANGE.replaceAll('/x', '/y'), 2],
  ['without', `--- a/x\n+++ b/x\n${HUNK}--- y\n+++ y\n${HUNK}`, 2],
  ['one of them without', `${CHANGE}--- a/y\n+++ b/y\n${HUNK}`, 2],
  ['of no lines', 'diff --git a/x b/x\nold mode 100644\nnew mode 100755\n', 1],
  ['whose lines look like headers', PLAIN['lines that look like headers']!, 1],
])('the files of a diff are counted: %s', (_, diff, files) => {
  expect(filesInDiff(diff)).toBe(files)
})
