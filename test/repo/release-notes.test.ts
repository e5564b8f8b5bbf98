import { afterEach, beforeEach, expect, test } from 'vitest'
import { commitDraft, standingOf } from '../../src/repo/drafts.ts'
import { mergeDiff } from '../../src/repo/merge-diff.ts'
import { addsEntries, isReleaseNotes } from '../../src/repo/release-notes.ts'
import { treeWith } from '../../src/repo/tree-with.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'

const NOTES = '# Changes\n\n## Unreleased\n\n- one\n\n## 1.0\n\n- old\n'
const PROGRAMS = [
  'src/changePassword.ts',
  'lib/history.py',
  'news.html',
  '.github/workflows/release.yml',
  'bin/release',
]
const SEEN = ['CHANGES.md:1-6']
const with2 = (text: string) => text.replace('- one\n', '- one\n- two,\n  of the draft\n')
const with3 = (text: string) => text.replace('- one\n', '- one\n- three\n')

let shop: FixtureRepo
beforeEach(async () => {
  shop = await copyFixture('bookshop-ts', { history: false })
  for (const name of ['CHANGES.md', 'list.md']) await shop.write(name, NOTES)
  await commit()
})
afterEach(() => shop.dispose())

async function commit() {
  await shop.git('add', '-A')
  await shop.git('commit', '-q', '-m', 'Change')
}
/** A draft with an entry in a file, and a new file. */
async function draftIn(name: string) {
  const base = (await shop.git('rev-parse', 'HEAD')).trim()
  await shop.write(name, with2(NOTES))
  await shop.write('src/new.ts', 'export const a = 1\n')
  await shop.git('add', '-A')
  const diff = await shop.git('diff', '--cached')
  await shop.git('reset', '-q', '--hard')
  const made = await treeWith(shop.root, base, diff)
  if (!('tree' in made)) throw new Error('it does not fit')
  return { base, diff, commit: await commitDraft(shop.root, base, made.tree, 'Add two') }
}

test('a draft keeps its entry in the release notes beside one that HEAD got in the same place', async () => {
  const draft = await draftIn('CHANGES.md')
  await shop.write('CHANGES.md', with3(NOTES))
  await commit()
  const standing = await standingOf(shop.root, draft, SEEN, 'HEAD')
  expect(standing).toMatchObject({ kind: 'fits', isMoved: true })
  const { tree } = standing as { tree: string }
  const both = NOTES.replace('- one\n', '- one\n- three\n- two,\n  of the draft\n')
  expect(await shop.git('cat-file', 'blob', `${tree}:CHANGES.md`)).toBe(both)
  expect(await shop.git('cat-file', 'blob', `${tree}:src/new.ts`)).toBe('export const a = 1\n')
})

test('so it does beside one that is not committed yet', async () => {
  const draft = await draftIn('CHANGES.md')
  await shop.write('CHANGES.md', with3(NOTES))
  const merged = (await mergeDiff(shop.root, draft.diff)) as { diff: string }
  expect(merged.diff).toContain(' - three\n+- two,\n+  of the draft\n')
})

test.each([
  ['it was released', NOTES.replace('## Unreleased', '## 1.1'), 'changed'],
  ['a release came above', NOTES.replace('## Unreleased', '## Unreleased\n\n- new\n\n## 1.1'), 'changed'],
  ['an entry was reworded', NOTES.replace('- one\n', '- ONE\n'), 'conflict'],
  ['the file went', null, 'conflict'],
] as const)('it does not fit if %s', async (_, text, kind) => {
  const draft = await draftIn('CHANGES.md')
  if (text === null) await shop.git('rm', '-q', 'CHANGES.md')
  else await shop.write('CHANGES.md', text)
  await commit()
  expect(await standingOf(shop.root, draft, SEEN, 'HEAD')).toMatchObject({ kind })
})

test('two entries in one place of any other file conflict', async () => {
  const draft = await draftIn('list.md')
  await shop.write('list.md', with3(NOTES))
  await commit()
  expect(await standingOf(shop.root, draft, [], 'HEAD')).toEqual({ kind: 'conflict', files: ['list.md'] })
})

test('release notes are known by their names, and entries by their form', () => {
  for (const name of [
    'CHANGES.rst',
    'docs/CHANGELOG.md',
    'History.txt',
    'NEWS',
    'ChangeLog',
    'CHANGES-2.0.md',
    'doc/release-notes.md',
    'whatsnew.rst',
  ])
    expect([name, isReleaseNotes(name)]).toEqual([name, true])
  for (const name of ['README.md', 'src/changes/a.ts', 'docs/exchange.md', ...PROGRAMS])
    expect([name, isReleaseNotes(name)]).toEqual([name, false])
  const before = 'Version 3\n---------\n\n-   One\n'
  expect(addsEntries(before, `${before}-   Two\n    and more\n* Three\n`)).toBe(true)
  for (const line of ['Version 2', '-------', '## 2', 'Prose.'])
    expect(addsEntries(before, `${before}${line}\n`)).toBe(false)
  expect(addsEntries(before, '')).toBe(false)
  expect(addsEntries(before, `${before}- \uFFFD\n`)).toBe(false)
})
