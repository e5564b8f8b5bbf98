import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshFacts } from '../../agents/sleep/refresh-facts.ts'
import type { RecipeStep } from '../../src/recipe.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { CHOSEN_AMONG } from '../../src/retrieve/alternatives.ts'
import { findFiles, withOthers } from '../../src/retrieve/find-files.ts'
import { nameFiles, type RankedFile } from '../../src/retrieve/name-files.ts'
import { rankFiles } from '../../src/retrieve/rank-files.ts'
import { WEIGHTS } from '../../src/retrieve/score.ts'
import type { LearnedRanking } from '../../src/store/learning.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { handMadeStore } from '../helpers/hand-made-store.ts'

let fixture: FixtureRepo
let store: Store
let worktree: number
let head: string
beforeAll(async () => {
  fixture = await copyFixture('bookshop-ts')
  store = openStore(join(fixture.root, '.git/x.db'))
  const settings = { maxFileBytes: 1e6, maxCommits: 500, processes: 1 }
  const repo = await openRepo(fixture.root)
  head = repo.head
  worktree = (await refreshFacts(repo, store, settings)).worktree
})
afterAll(async () => {
  store.close()
  await fixture.dispose()
})

const REQUEST = 'Add a pricing rule for teachers'
const found = () => findFiles(store, worktree, REQUEST)
const save = (choice: string, more: Partial<LearnedRanking> = {}) =>
  store.learning.saveRanking(worktree, {
    ...{ at: 1, newest: head, features: 20, shipped: 0.1, chosen: 0.2, among: CHOSEN_AMONG, adopted: true },
    ...{ choice, byRecipes: true, ...more },
  })
const named = (files: readonly RankedFile[]) => files.filter(({ role }) => role === 'modify')

test('what the gate held back changes nothing; what it let through does, until other weights ship', () => {
  const shipped = found()
  save('more files are named', { adopted: false })
  expect(found()).toEqual(shipped)
  save('more files are named')
  expect(named(found()).length).toBeGreaterThan(named(shipped).length)
  save('words in bodies count less')
  expect(found()).toEqual(nameFiles(rankFiles(store, worktree, REQUEST, { ...WEIGHTS, body: 0.4 * WEIGHTS.body })))
  expect(found()).not.toEqual(shipped)
  save('words in bodies count less', { among: 'the weights of before' })
  expect(found()).toEqual(shipped)
  save('words in bodies count less', { newest: 'a commit that HEAD cannot see' })
  expect(found()).toEqual(shipped)
})

test('what the recipe of a request changes comes earlier, and a narrow recipe names fewer files; one that HEAD cannot see does neither', () => {
  const step = (place: string): RecipeStep => ({
    ...{ kind: 'source', place, isPattern: false, isNew: false, model: null, held: 3, created: 0, share: 0.7 },
  })
  const mine = (from: string, sources: number) =>
    store.recipes.replace(worktree, { head: from, version: 1, additions: 4, minedAt: 0 }, [
      {
        ...{
          name: 'pricing',
          by: 'word',
          word: 'pric',
          sources,
          steps: ['src/pricing/student.ts', 'src/cart.ts'].map(step),
        },
        commits: ['a', 'b', 'c', 'd'].map((hash) => ({ hash, subject: 'Add pricing', time: 0 })),
        terms: [{ term: 'pric', weight: 9 }],
      },
    ])
  const place = (path: string) => found().findIndex((file) => file.path === path)
  save('paths count more', { adopted: false })
  const plain = found()
  const before = place('src/pricing/student.ts')
  mine('f'.repeat(40), 1)
  expect(found()).toEqual(plain)
  mine(head, 1)
  expect(place('src/pricing/student.ts')).toBeLessThan(before)
  expect(found()[place('src/pricing/student.ts')]!.why[0]).toBe('changed by 3 of 4 past commits of this kind')
  const [narrow] = [named(found()).length, mine(head, 9)]
  expect(named(found()).length).toBeGreaterThan(narrow)
  save('paths count more', { adopted: false, byRecipes: false })
  expect(found()).toEqual(plain)
  save('paths count more', { byRecipes: false, newest: 'a commit that HEAD cannot see' })
  expect(found()).not.toEqual(plain)
  store.recipes.replace(worktree, { head, version: 1, additions: 4, minedAt: 0 }, [])
})

test.each([
  ['docs/vat.md is outdated.', 'docs/vat.md'],
  ['Let `vatOnCopies` take a date', 'src/vat.ts'],
])('what "%s" names outright comes first', (request, path) => {
  const files = findFiles(store, worktree, request)
  expect(files[0]!.path).toBe(path)
  expect(files[0]!.role).not.toBe('maybe')
})

test.each([
  ['at /home/me/work/bookshop/src/vat.ts:3', 'src/vat.ts'],
  ['Crash in C:\\me\\bookshop\\src\\vat.ts', 'src/vat.ts'],
  ['`vat.md` is outdated', 'docs/vat.md'],
])('a path is known however it is written: "%s"', (request, path) => {
  expect(findFiles(store, worktree, request).find((file) => file.path === path)!.why).toContain(
    'is named in the request',
  )
})

test('a file that a tool writes is found by what it changes with, though its text is not read', async () => {
  const own = await copyFixture('bookshop-ts')
  const db = openStore(join(own.root, '.git/x.db'))
  try {
    for (const rate of [1, 2, 3]) {
      await own.write('src/vat.ts', `export const vat = ${rate}\n`)
      await own.write('src/table.bin.ts', `\0${rate}`)
      await own.write('docs/manual.1', `The vat is ${rate}.\n`)
      await own.write('src/names.ts', `// Code generated by names. DO NOT EDIT.\nexport const names = ['vat${rate}']\n`)
      await own.git('add', '-A')
      await own.git('commit', '-q', '-m', `Set the rate to ${rate}`)
    }
    await own.write('.gitattributes', 'docs/*.1 linguist-vendored\n')
    const settings = { maxFileBytes: 1e6, maxCommits: 500, processes: 1 }
    const { worktree: tree } = await refreshFacts(await openRepo(own.root), db, settings)
    expect(db.facts.isReadable(tree, 'src/names.ts')).toBe(false)
    const files = findFiles(db, tree, 'Round the vat up')
    expect(files.map(({ path }) => path)).not.toContain('src/table.bin.ts')
    expect(db.facts.isReadable(tree, 'docs/manual.1')).toBe(false)
    expect(files.find(({ path }) => path === 'docs/manual.1')).toMatchObject({ isGenerated: true })
    const names = files.find(({ path }) => path === 'src/names.ts')
    expect(names).toMatchObject({ role: 'maybe', isGenerated: true })
    expect(names!.why).toEqual(
      expect.arrayContaining([
        'is written by a tool, or marked as vendored',
        expect.stringMatching(/^changes with src/),
      ]),
    )
  } finally {
    db.close()
    await own.dispose()
  }
})

test('the list goes on to fifty files, or all; nothing speaks for the last', () => {
  const ranked = found().slice(0, 3)
  const all = withOthers(store, worktree, ranked)
  expect(all.slice(0, 3)).toEqual(ranked)
  expect(new Set(all.map(({ path }) => path)).size).toBe(Math.min(50, store.facts.readableFiles(worktree).length))
  expect(all.slice(3).every(({ score, role, why }) => score === 0 && role === 'maybe' && why.length === 0)).toBe(true)
})

test('source files come first of those that nothing speaks for, however many pages there are', () => {
  const of = (path: (i: number) => string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [path(i), {}]))
  const made = handMadeStore({ ...of((i) => `docs/${i}.md`, 120), ...of((i) => `src/${i}.ts`, 20) })
  const ranked = nameFiles([{ path: 'src/7.ts', score: 9, evidence: () => [] }])
  const paths = withOthers(made.store, made.worktree, ranked).map(({ path }) => path)
  expect([paths.length, paths[0]]).toEqual([50, 'src/7.ts'])
  expect(paths.slice(0, 20).every((path) => path.startsWith('src/'))).toBe(true)
  expect(new Set(paths).size).toBe(50)
  made.store.close()
})
