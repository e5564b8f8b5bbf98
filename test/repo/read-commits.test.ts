import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { reachableCommits, readCommits } from '../../src/repo/read-commits.ts'
import { fakeGit } from '../helpers/fake-git.ts'
import { isWindows, pathHere, removeFolder } from '../helpers/platform.ts'
import { bringContents, partialClone, scratchRepo, sh, write } from './scratch-repo.ts'

const LINES = Array.from({ length: 30 }, (_, i) => `export const n${i} = ${i}\n`).join('')

const QUOTED = pathHere('ö "q".md')
const BROKEN = pathHere('src/new\nline.ts')

let root: string
beforeEach(() => {
  root = scratchRepo({ 'src/a.ts': LINES, 'src/b.ts': `// b\n${LINES}`, [QUOTED]: 'text\n' })
})

function commit(message: string): void {
  sh(root, 'add', '-A')
  sh(root, 'commit', '-q', '-m', message)
}

async function newest(at: string) {
  const hashes = await reachableCommits(at, 'HEAD', 1)
  return (await readCommits(at, hashes))[0]!
}

test('a commit is told with its message and what it changed, made, deleted and renamed', async () => {
  sh(root, 'mv', 'src/a.ts', 'lib-a.ts')
  write(root, 'lib-a.ts', `${LINES}// more\n`)
  sh(root, 'rm', '-q', QUOTED)
  write(root, 'src/b.ts', 'other\n')
  write(root, BROKEN, 'new\n')
  commit('Move a\n\nIt is used elsewhere.')
  const { subject, body, changes } = await newest(root)
  expect([subject, body]).toEqual(['Move a', 'It is used elsewhere.'])
  expect(changes).toEqual(
    expect.arrayContaining([
      { path: 'lib-a.ts', was: 'src/a.ts' },
      { path: 'src/b.ts', was: null },
      { path: BROKEN, was: null },
      { path: QUOTED, was: null },
    ]),
  )
  expect(changes).toHaveLength(4)
})

test('settings of git log do not change what a merge or the first commit changed', async () => {
  sh(root, 'switch', '-qc', 'topic')
  write(root, 'src/a.ts', 'topic\n')
  commit('Work')
  sh(root, 'switch', '-q', 'main')
  sh(root, 'merge', '-q', '--no-ff', '-m', 'Merge it', 'topic')
  sh(root, 'config', 'log.diffMerges', 'remerge')
  sh(root, 'config', 'log.showRoot', 'false')
  const commits = await readCommits(root, sh(root, 'rev-list', 'HEAD').trim().split('\n'))
  const many = Object.fromEntries(commits.map(({ subject, changes }) => [subject, changes.length]))
  expect(many).toEqual({ 'Merge it': 1, Work: 1, first: 3 })
})

test('a whole tree that moves, each file under another name and with another line, is told as renamed', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `file${i}`)
  const text = (name: string) => Array.from({ length: 9 }, (_, i) => `export const ${name}_${i} = ${i}\n`).join('')
  for (const name of names) write(root, `src/${name}.js`, text(name))
  commit('Make them')
  sh(root, 'rm', '-q', ...names.map((name) => `src/${name}.js`))
  for (const name of names) write(root, `packages/core/${name}.ts`, `// typed\n${text(name)}`)
  commit('Move them')
  expect((await newest(root)).changes.filter(({ was }) => was !== null)).toHaveLength(60)
})

test('a partial clone tells renames by equal contents, says what it lacks, and fetches nothing', async () => {
  sh(root, 'mv', 'src/a.ts', 'lib-a.ts')
  sh(root, 'mv', 'src/b.ts', 'lib-b.ts')
  write(root, 'lib-b.ts', `${LINES}// more\n`)
  commit('Move both')
  const clone = partialClone(root, true)
  sh(clone, 'remote', 'set-url', 'origin', join(root, 'gone'))
  expect(await newest(clone)).toMatchObject({
    changes: [
      { path: 'lib-a.ts', was: 'src/a.ts' },
      { path: 'lib-b.ts', was: null },
      { path: 'src/b.ts', was: null },
    ],
    missing: sh(root, 'rev-parse', 'HEAD~1:src/b.ts').trim(),
  })
  sh(clone, 'remote', 'set-url', 'origin', root)
  bringContents(clone)
  expect(await newest(clone)).toMatchObject({
    changes: [
      { path: 'lib-a.ts', was: 'src/a.ts' },
      { path: 'lib-b.ts', was: 'src/b.ts' },
    ],
    missing: null,
  })
})

test('of a commit whose contents are here renames are told, whatever others lack', async () => {
  const move = (from: string, to: string) => {
    sh(root, 'mv', from, to)
    write(root, to, `${LINES}// ${to}\n`)
    commit(`Move ${from}`)
  }
  move('src/a.ts', 'old-a.ts')
  move('src/b.ts', 'new-b.ts')
  const clone = partialClone(root)
  sh(clone, 'checkout', '-q', 'HEAD~1')
  const read = await readCommits(clone, await reachableCommits(clone, 'main', 2))
  expect(read.map(({ changes }) => changes)).toEqual([
    [{ path: 'new-b.ts', was: 'src/b.ts' }],
    [
      { path: 'old-a.ts', was: null },
      { path: 'src/a.ts', was: null },
    ],
  ])
  expect(read.map(({ missing }) => missing === null)).toEqual([true, false])
})

test("no setting of the user's changes what is read", async () => {
  sh(root, 'config', 'diff.renames', 'false')
  sh(root, 'config', 'log.showSignature', 'true')
  sh(root, 'config', 'diff.noprefix', 'true')
  sh(root, 'mv', 'src/a.ts', 'src/c.ts')
  commit('Rename')
  expect((await newest(root)).changes).toEqual([{ path: 'src/c.ts', was: 'src/a.ts' }])
})

test('a message may hold the character that begins a commit', async () => {
  write(root, 'src/b.ts', 'other\n')
  commit('Odd \x01 subject\n\n\x01body\x01')
  const { subject, body, changes } = await newest(root)
  expect([subject, body]).toEqual(['Odd   subject', 'body'])
  expect(changes).toEqual([{ path: 'src/b.ts', was: null }])
})

test.skipIf(isWindows)('a commit that takes git too long has no changes, and the others have theirs', async () => {
  for (let i = 0; i < 8; i++) {
    write(root, `src/${i}.ts`, 'x\n')
    commit(`Add ${i}`)
  }
  const hashes = await reachableCommits(root, 'HEAD', 8)
  const slow = `case " $* " in *" --raw "*) input=$(cat); case "$input" in *${hashes[4]}*) exec sleep 9;; esac; echo "$input" | git "$@";; *) exec git "$@";; esac`
  const { folder, PATH } = fakeGit(`PATH=\${PATH#*:}\n${slow}`)
  vi.stubEnv('PATH', PATH)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    removeFolder(folder)
  })
  const read = await readCommits(root, hashes, { timeoutMs: 1000 })
  expect(read.map(({ subject, changes }) => [subject, changes.length])).toEqual(
    hashes.map((_, i) => [`Add ${7 - i}`, i === 4 ? 0 : 1]),
  )
})

test.skipIf(process.platform !== 'linux')(
  'a commit of a million paths in a few trees counts as one without changes',
  async () => {
    const blob = sh(root, 'hash-object', '-w', 'src/a.ts').trim()
    const tree = (mode: string, type: string, id: string) => {
      const lines = Array.from({ length: 10 }, (_, i) => `${mode} ${type} ${id}\td${i}\n`)
      return execFileSync('git', ['mktree'], { cwd: root, input: lines.join(''), encoding: 'utf8' }).trim()
    }
    let bomb = tree('100644', 'blob', blob)
    for (let level = 1; level < 6; level++) bomb = tree('040000', 'tree', bomb)
    const made = (at: string, parent: string) => sh(root, 'commit-tree', at, '-p', parent, '-m', 'bomb').trim()
    const head = sh(root, 'rev-parse', 'HEAD').trim()
    const first = made(bomb, head)
    sh(root, 'reset', '-q', '--soft', made(`${head}^{tree}`, first))
    write(root, 'src/c.ts', 'c\n')
    commit('Add c')
    const hashes = await reachableCommits(root, 'HEAD', 3)
    const read = await readCommits(root, hashes, { mostMemory: 60_000_000 })
    expect(read.map(({ hash, changes }) => [hash, changes.length])).toEqual(
      hashes.map((hash, i) => [hash, i === 0 ? 1 : 0]),
    )
  },
)
