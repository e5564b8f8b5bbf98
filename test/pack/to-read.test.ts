import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { layOutPack } from '../../src/pack/lay-out-pack.ts'
import { withFilesToRead } from '../../src/pack/to-read.ts'
import type { Recipe, RecipeStep } from '../../src/recipe.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import { openStore } from '../../src/store/open-store.ts'
import { copyFixture } from '../helpers/fixture-repo.ts'

const FORMATTER = 'src/formatters/html.ts'
const step = (place: string, model: string | null, isNew = true): RecipeStep => ({
  ...{ kind: 'source', place, isPattern: model !== null, isNew, model, held: 3, created: 3, share: 0.7 },
})
const recipe = (...steps: RecipeStep[]): Recipe => ({
  ...{ name: 'output format', by: 'word', word: 'format', steps, sources: 2 },
  commits: ['a', 'b', 'c', 'd'].map((hash) => ({ hash, subject: 'Add a format', time: 0 })),
})
const file = (path: string, role: RankedFile['role'], score: number): RankedFile => ({
  ...{ path, role, score, why: ['speaks of format'] },
})
const LIKE_HTML = recipe(step('src/formatters/index.ts', null, false), step('src/formatters/*.ts', FORMATTER))

test('what a new file of the recipe is to look like is to read, with the reason, and keeps its place', () => {
  const files = [file('src/a.ts', 'modify', 0.9), file(FORMATTER, 'maybe', 0.2), file('src/b.ts', 'maybe', 0.1)]
  const [first, model, last] = withFilesToRead(files, LIKE_HTML)
  expect([first, last]).toEqual([files[0], files[2]])
  expect(model).toEqual({
    ...{ path: FORMATTER, role: 'read', score: 0.2 },
    why: ['3 of 4 such commits made a new src/formatters/*.ts like it', 'speaks of format'],
  })
})

test('one that was not ranked comes last, and one that is named for another role keeps it', () => {
  const unranked = withFilesToRead([file('src/a.ts', 'modify', 0.9)], LIKE_HTML)
  expect(unranked.map(({ path, role, score }) => [path, role, score])).toEqual([
    ['src/a.ts', 'modify', 0.9],
    [FORMATTER, 'read', 0],
  ])
  const named = [file(FORMATTER, 'modify', 0.7)]
  expect(withFilesToRead(named, LIKE_HTML)).toEqual(named)
})

test('without a recipe, a step that makes something, or a file that shows it, nothing is to read', () => {
  const files = [file('src/a.ts', 'modify', 0.9), file(FORMATTER, 'maybe', 0.2)]
  for (const one of [null, recipe(step('src/formatters/*.ts', FORMATTER, false)), recipe(step('news/*.md', null))])
    expect(withFilesToRead(files, one)).toEqual(files)
})

test('the pack shows it apart from what is to change, and outlines it', async () => {
  const fixture = await copyFixture('bookshop-ts')
  const store = openStore(join(fixture.root, '.git/x.db'))
  const repo = await openRepo(fixture.root)
  const { worktree } = await refreshFacts(repo, store, { maxFileBytes: 1e6, maxCommits: 500, processes: 1 })
  const files = withFilesToRead([file('src/formatters/index.ts', 'modify', 0.9)], LIKE_HTML)
  const { text } = layOutPack(readRequest('Add a CSV output format'), store, {
    ...{ root: fixture.root, worktree, budgetTokens: 4000, files, summaryOf: () => null },
  })
  store.close()
  await fixture.dispose()
  expect(text).toContain(
    `## To read: a new file is to look like it\nread ${FORMATTER}  (3 of 4 such commits made a new src/formatters/*.ts like it)`,
  )
  expect(text).toMatch(/^## src\/formatters\/html\.ts/m)
})
