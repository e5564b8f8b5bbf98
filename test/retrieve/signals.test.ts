import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshFacts } from '../../agents/sleep/refresh-facts.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import { requestTerms, titleTerms } from '../../src/retrieve/request-terms.ts'
import type { Hits } from '../../src/retrieve/signal.ts'
import { folderChangeHits } from '../../src/retrieve/signals/folder-change.ts'
import { generatedHits } from '../../src/retrieve/signals/generated.ts'
import { mirrorHits } from '../../src/retrieve/signals/mirrors.ts'
import { namesakeHits } from '../../src/retrieve/signals/namesakes.ts'
import { precedentHits } from '../../src/retrieve/signals/precedent.ts'
import { scopeHits } from '../../src/retrieve/signals/scope.ts'
import { useHits } from '../../src/retrieve/signals/uses.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'
import { handMadeStore } from '../helpers/hand-made-store.ts'

let fixture: FixtureRepo
let store: Store
let worktree: number
beforeAll(async () => {
  fixture = await copyFixture('bookshop-ts')
  store = openStore(join(fixture.root, '.git/x.db'))
  const options = { maxFileBytes: 1e6, maxCommits: 500, processes: 1 }
  worktree = (await refreshFacts(await openRepo(fixture.root), store, options)).worktree
})
afterAll(async () => {
  store.close()
  await fixture.dispose()
})

const seeds = (...paths: string[]) => new Map(paths.map((path) => [path, 1 / paths.length]))
const told = (hits: Hits) => Object.fromEntries([...hits].map(([path, { why }]) => [path, why()]))

test('who uses what a seed defines, and what defines what it uses, by the names that the request speaks of', () => {
  const question = askOf(store, worktree, 'Format the price of a cart')
  const users = told(useHits(question, seeds('src/money.ts')))
  expect(users['src/formatters/text.ts']).toBe('uses formatPence, a name of src/money.ts')
  expect(users['src/book.ts']).toBe('uses Pence, a name of src/money.ts')
  expect(users).not.toHaveProperty('src/money.ts')
  const definers = told(useHits(question, seeds('src/formatters/text.ts')))
  expect(definers['src/money.ts']).toBe('defines formatPence, a name that src/formatters/text.ts uses')
})

test('a name of another language is another name', () => {
  const { store, worktree } = handMadeStore({
    'src/book.rs': { defines: ['init'] },
    'src/watch.rs': { uses: ['init'] },
    'front/search.js': { defines: ['find'] },
    'front/page.vue': { uses: ['find', 'init'] },
    'bin/start': { uses: ['init'] },
  })
  const question = askOf(store, worktree, 'Add init')
  expect(Object.keys(told(useHits(question, seeds('src/book.rs')))).sort()).toEqual(['bin/start', 'src/watch.rs'])
  expect(Object.keys(told(useHits(question, seeds('front/search.js'))))).toEqual(['front/page.vue'])
})

test('what changes with a folder, whichever of its files it was', () => {
  const hits = folderChangeHits({ store, worktree }, seeds('src/pricing/student.ts'))
  expect(told(hits)).toMatchObject({
    'src/pricing/index.ts': 'changed with others in 3 of the last 3 commits to src/pricing/',
    'src/config/schema.ts': 'changed with others in 3 of the last 3 commits to src/pricing/',
    'src/receipt.ts': 'changed with others in 1 of the last 3 commits to src/pricing/',
  })
  expect(hits.get('src/config/schema.ts')!.score).toBeGreaterThan(hits.get('src/receipt.ts')!.score)
  expect(folderChangeHits({ store, worktree }, seeds('README.md')).size).toBe(0) // everything stands in the root
  const both = folderChangeHits({ store, worktree }, seeds('src/pricing/student.ts', 'src/pricing/index.ts'))
  expect(both.get('src/config/schema.ts')!.score).toBeCloseTo(hits.get('src/config/schema.ts')!.score) // of one folder
})

test('files of the same name elsewhere; the more folders are the same, the more it counts', () => {
  const hits = mirrorHits(
    [
      'packages/vue/src/useQuery.ts',
      'packages/vue/src/other.ts',
      'docs/useQuery.md',
      'packages/core/src/useQuery.vue.ts',
    ],
    seeds('packages/core/src/useQuery.ts'),
  )
  const scores = [...hits].sort((a, b) => b[1].score - a[1].score).map(([path]) => path)
  expect(scores).toEqual(['packages/core/src/useQuery.vue.ts', 'packages/vue/src/useQuery.ts', 'docs/useQuery.md'])
  expect(told(hits)['docs/useQuery.md']).toBe('is named like packages/core/src/useQuery.ts')
  expect(mirrorHits(['a/x.ts'], seeds('a/x.ts')).size).toBe(0)
})

test('a folder or a file of the name counts fully, a part of a name less', () => {
  const paths = ['packages/query-core/src/a.ts', 'src/core/b.ts', 'src/core.ts', 'src/scores.ts']
  const hits = scopeHits(paths, 'core')
  expect([...hits].map(([path, { score }]) => [path, score])).toEqual([
    ['packages/query-core/src/a.ts', 0.25],
    ['src/core/b.ts', 1],
    ['src/core.ts', 1],
  ])
  expect(scopeHits(paths, null).size).toBe(0)
  expect([...scopeHits(['pkg/http/server.go'], 'net/http').keys()]).toEqual(['pkg/http/server.go'])
  expect([...scopeHits(['pkg/server.go', 'src/MyApp.Core/A.cs'], 'server.go').keys()]).toEqual(['pkg/server.go'])
  expect([...scopeHits(['pkg/server.go', 'src/MyApp.Core/A.cs'], 'core').keys()]).toEqual(['src/MyApp.Core/A.cs'])
  expect(scopeHits(['.github/w.yml', 'src/_foo.scss'], '/').size).toBe(0)
})

test.each([
  ['Add C++ support', 'cpp', 'C++'],
  ['Support c++', 'cpp', 'c++'],
  ['Support C#12', 'csharp', 'C#'],
  ['F# lambdas', 'fsharp', 'F#'],
])('%s names a language as code does', (request, term, written) => {
  const { title, spelled } = requestTerms(request)
  expect(title).toContain(term)
  expect(titleTerms(request)).toEqual(title)
  expect(spelled.get(term)).toBe(written)
})

test('the sign that ends a loop is no language, and a protocol with its version is one word too', () => {
  expect(requestTerms('Count\n\nfor (; c < 9; c++) use(abc#d)').terms).not.toContain('cpp')
  expect(requestTerms('Enable HTTP/3').compounds).toContain('http3')
})

test('a file that is called what the request calls something, however it is spelled; a name of many files is none', () => {
  const names = openStore(':memory:')
  const { id } = names.facts.worktree('/r')
  names.search.prepare(id)
  const empty = { bytes: 0, lines: 0, reason: null, problem: null, parsed: null, terms: '{}' }
  names.facts.saveSource('blob', '', empty)
  const source = names.facts.sourceId('blob', '')!
  for (const path of [
    'src/startOfMinute/index.ts',
    'src/startOfMinute/other.ts',
    'lib/rules/no-unused-vars.js',
    'docs/no-unused-vars.md',
    'table/__init__.py',
    ...['a', 'b', 'c', 'd'].map((folder) => `${folder}/shared-util.ts`),
  ])
    names.search.put(id, [{ file: names.facts.putFile(id, path, source, null), path, source, summary: null }])
  const { titleNames, titleWords } = requestTerms('Let startOfMinute, noUnusedVars, shared_util and the Table be')
  const hits = namesakeHits({ store: names, worktree: id }, new Map([...titleNames, ...titleWords]))
  expect(told(hits)).toEqual({
    'src/startOfMinute/index.ts': 'is called startOfMinute',
    'lib/rules/no-unused-vars.js': 'is called noUnusedVars',
    'docs/no-unused-vars.md': 'is called noUnusedVars',
    'table/__init__.py': 'is called Table',
  })
  names.close()
})

test('names of several parts are told from words, and how they are spelled is forgotten', () => {
  const { titleNames, bodyNames, titleWords } = requestTerms(
    'feat: startOfWeek, no-unused-vars\n\nand get_user, HTTPServer, plain',
  )
  expect([...titleNames.keys()]).toEqual(['startofweek', 'nounusedvars'])
  expect([...bodyNames.keys()]).toEqual(['getuser', 'httpserver'])
  expect([...titleWords.keys()]).toEqual(['unused', 'vars'])
  expect(titleNames.get('startofweek')).toEqual({ terms: ['start', 'of', 'week'], written: 'startOfWeek' })
})

test('a sweep is no precedent, whatever it says', () => {
  const wide = Array.from({ length: 31 }, (_, i) => `src/f${i}.ts`)
  const others = Array.from({ length: 20 }, (_, i) => ({ subject: `Work on part${i}` }))
  const found = (paths: readonly string[]) => {
    const past = handMadeStore({}, [{ subject: 'add the pre flag', paths }, ...others])
    return precedentHits(askOf(past.store, past.worktree, 'add a pre flag')).size
  }
  expect([found(wide.slice(1)), found(wide)]).toEqual([30, 0])
})

test('the files of a past commit that says nearly the same count as a whole, those of one that shares a word do not', () => {
  const past = openStore(join(fixture.root, '.git/precedent.db'))
  const { id } = past.facts.worktree('/a')
  past.search.prepare(id)
  const subjects = [
    'feat: add --pre flag',
    'Tune the flag parser',
    ...Array.from({ length: 20 }, (_, i) => `Work on part${i}`),
  ]
  for (const [i, subject] of subjects.entries())
    past.history.saveCommit({
      ...{ hash: `h${i}`, time: i, subject, body: '' },
      changes: [`src/a${i}.ts`, `src/b${i}.ts`].map((path) => ({ path, was: null })),
    })
  past.history.setReach(
    id,
    'h',
    subjects.map((_, i) => `h${i}`),
  )
  const found = (request: string) => [...precedentHits(askOf(past, id, request)).keys()]
  expect(found('ripgrep: add --pre flags')).toEqual([])
  expect(found('feat: add the --pre flag (#12)')).toEqual(['src/a0.ts', 'src/b0.ts'])
  expect(found('Add a flag')).toEqual([])
  past.close()
})

test('of what changes with the likeliest files those that a tool writes', () => {
  const partners = new Map(
    ['a.ts', 'a_string.ts'].map((path) => [path, { score: 0.1, why: () => 'changes with b.ts' }]),
  )
  const hits = generatedHits(['a.ts', 'a_string.ts', 'z_string.ts'], partners, (path) => path.endsWith('_string.ts'))
  const why = 'is written by a tool, or marked as vendored'
  expect(told(hits)).toEqual({ 'a_string.ts': why, 'z_string.ts': why })
  expect([...hits.values()].map(({ score }) => score)).toEqual([1, 0])
})
