import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commitDraft, draftDiff, forgetDraft, nameDraft, repairDraftRefs, standingOf } from '../../src/repo/drafts.ts'
import { treeWith } from '../../src/repo/tree-with.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { isWindows } from '../helpers/platform.ts'

let shop: FixtureRepo
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { history: false })
  await shop.write('a.txt', lines(1, 30))
  await commit('Add lines')
})
afterEach(() => shop.dispose())

const lines = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => `line ${first + i}\n`).join('')
const head = async () => (await shop.git('rev-parse', 'HEAD')).trim()
async function commit(message: string) {
  await shop.git('add', '-A')
  await shop.git('commit', '-q', '-m', message)
}
/** A draft that changes line 10 of a.txt. */
async function draft() {
  const base = await head()
  await shop.write('a.txt', lines(1, 30).replace('line 10\n', 'LINE TEN\n'))
  const diff = await shop.git('diff')
  await shop.git('checkout', '-q', '--', '.')
  const made = await treeWith(shop.root, base, diff)
  if (!('tree' in made)) throw new Error('it does not fit')
  return { base, commit: await commitDraft(shop.root, base, made.tree, 'Change line 10') }
}

test('the user sees nothing of a draft: files, index and branches stay', async () => {
  const before = await shop.git('status', '--porcelain=v2', '--branch')
  const made = await draft()
  await nameDraft(shop.root, 3, made.commit)
  expect(await shop.git('status', '--porcelain=v2', '--branch')).toBe(before)
  expect(await shop.git('branch', '--list')).toBe('* main\n')
  expect(await draftDiff(shop.root, made)).toContain('+LINE TEN')
})

test('git gc keeps it until it is forgotten; a missing ref is made again', async () => {
  const made = await draft()
  expect(await repairDraftRefs(shop.root, new Map([[3, made.commit]]))).toEqual([])
  await shop.git('reflog', 'expire', '--expire=now', '--all')
  await shop.git('gc', '-q', '--prune=now')
  expect(await draftDiff(shop.root, made)).toContain('+LINE TEN')
  await forgetDraft(shop.root, 3)
  await shop.git('gc', '-q', '--prune=now')
  expect(await standingOf(shop.root, made, [], 'HEAD')).toEqual({ kind: 'lost' })
  expect(await repairDraftRefs(shop.root, new Map([[3, made.commit]]))).toEqual([3])
})

test.skipIf(isWindows).each(['logs/refs/repose/drafts/3', 'logs/refs', 'logs/HEAD', 'refs/repose'])(
  'a link at %s, which may have come with a git folder of others, is not written through',
  async (path) => {
    const { commit } = await draft()
    const link = join(shop.root, '.git', path)
    rmSync(link, { recursive: true, force: true })
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(shop.root, 'a.txt'), link)
    await expect(repairDraftRefs(shop.root, new Map([[3, commit]]))).rejects.toThrow('is a symbolic link')
    await expect(forgetDraft(shop.root, 3)).rejects.toThrow('is a symbolic link')
    expect(readFileSync(join(shop.root, 'a.txt'), 'utf8')).toBe(lines(1, 30))
  },
)

test.each([
  ['another file', async () => shop.write('b.txt', 'b\n'), { kind: 'fits', isMoved: true }],
  ['lines far from it', async () => shop.write('a.txt', lines(1, 30).replace('line 28\n', 'x\n')), { kind: 'fits' }],
  [
    'the same line',
    async () => shop.write('a.txt', lines(1, 30).replace('line 10\n', 'x\n')),
    { kind: 'conflict', files: ['a.txt'] },
  ],
  [
    'a place that was seen',
    async () => shop.write('a.txt', lines(1, 30).replace('line 20\n', 'x\n')),
    { kind: 'changed', seen: ['a.txt:18-22'] },
  ],
  [
    'a line put before that place',
    async () => shop.write('a.txt', lines(1, 30).replace('line 18\n', 'x\nline 18\n')),
    { kind: 'fits' },
  ],
  [
    'a line put into that place',
    async () => shop.write('a.txt', lines(1, 30).replace('line 19\n', 'x\nline 19\n')),
    { kind: 'changed' },
  ],
  ['the file deleted', async () => shop.remove('a.txt'), { kind: 'conflict' }],
  [
    'all of the draft',
    async () => shop.write('a.txt', lines(1, 30).replace('line 10\n', 'LINE TEN\n')),
    { kind: 'there' },
  ],
])('HEAD changes %s', async (_what, change, standing) => {
  const made = await draft()
  await change()
  await commit('Go on')
  expect(await standingOf(shop.root, made, ['a.txt:18-22'], await head())).toMatchObject(standing)
})

test('a draft with a diff that is too large is lost', async () => {
  const text = lines(1, 30).replace('line 11\n', `${'x'.repeat(3_000_000)}\n`)
  await shop.write('a.txt', text)
  await commit('Add a long line')
  const base = await head()
  await shop.write('a.txt', text.replace('line 10\n', 'LINE TEN\n'))
  await commit('Change line 10')
  const draft = { base, commit: await head() }
  await shop.git('reset', '-q', '--hard', base)
  await expect(draftDiff(shop.root, draft)).rejects.toThrow('the changes are too large: their diff has 4 MB')
  await shop.write('b.txt', 'b\n')
  await commit('Add b')
  expect(await standingOf(shop.root, draft, [], await head())).toEqual({ kind: 'lost' })
})

test('a branch without its base, and a rewritten history: only contents count', async () => {
  const made = await draft()
  await shop.git('checkout', '-q', '--orphan', 'other')
  await commit('Begin anew')
  expect(await standingOf(shop.root, made, [], await head())).toMatchObject({ kind: 'fits' })
  await shop.git('rm', '-q', 'a.txt')
  await commit('Remove it')
  expect(await standingOf(shop.root, made, [], await head())).toMatchObject({ kind: 'conflict' })
})
