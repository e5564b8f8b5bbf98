import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refreshFacts } from '../../src/indexing/refresh-facts.ts'
import { layOutPack } from '../../src/pack/lay-out-pack.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import { copyFixture, type FixtureRepo } from '../helpers/fixture-repo.ts'

describe.each([
  [
    'bookshop-ts',
    'Add a pricing rule for teachers: 12 % off everything',
    ['src/pricing/index.ts', 'src/config/schema.ts'],
    'test/pricing.test.ts',
  ],
  [
    'ferry-py',
    'Charge a supplement for bicycles on every fare',
    ['src/ferry/fares/__init__.py', 'src/ferry/fares/trip.py'],
    'tests/test_fares.py',
  ],
  [
    'monorepo-mixed',
    'Add a kind of place for campsites',
    ['packages/core/src/kinds.ts', 'services/api/kinds.go'],
    'test/kinds.test.js',
  ],
] as const)('%s', (name, request, wanted, testFile) => {
  let fixture: FixtureRepo
  let store: Store
  let worktree: number
  beforeAll(async () => {
    fixture = await copyFixture(name)
    store = openStore(join(fixture.root, '.git/x.db'))
    worktree = (
      await refreshFacts(await openRepo(fixture.root), store, { maxFileBytes: 1e6, maxCommits: 500, processes: 1 })
    ).worktree
  })
  afterAll(async () => {
    store.close()
    await fixture.dispose()
  })
  const ask = (text: string, budgetTokens: number) =>
    layOutPack(readRequest(text), store, { root: fixture.root, worktree, budgetTokens, summaryOf: () => null })

  test(`"${request}" finds the files of that kind of change, in every language, with evidence`, () => {
    const { files } = ask(request, 4000)
    const top = files.slice(0, 12).map((file) => file.path)
    for (const path of [...wanted, testFile]) expect(top).toContain(path)
    expect(files.every((file) => file.why.length > 0)).toBe(true)
    expect(files.map((file) => file.score)).toEqual(files.map((file) => file.score).sort((a, b) => b - a))
  })

  test('the pack keeps to every budget', () => {
    for (const budget of [0, 50, 500, 4000]) expect(ask(request, budget).tokens).toBeLessThanOrEqual(budget)
  })

  test('a budget that holds little holds the files that are named', () => {
    const { files } = ask(request, 4000)
    const named = files.filter(({ role }) => role !== 'maybe').map(({ path }) => path)
    const listed = ask(request, 150).items.map(({ subject }) => subject)
    expect(listed.length).toBeGreaterThan(1)
    expect(named).toEqual(expect.arrayContaining(listed.slice(0, 2)))
  })

  test('a recipe stands first, and counts into the budget', () => {
    const recipe = `Past commits of this kind usually changed ${'src/a.ts (3 of 3), '.repeat(9)}`
    const place = { root: fixture.root, worktree, summaryOf: () => null, recipe }
    const pack = layOutPack(readRequest(request), store, { ...place, budgetTokens: 1000 })
    expect(pack.text.startsWith(`## How this repository is usually changed\n${recipe}\n\n## Files`)).toBe(true)
    expect(pack.items[0]).toMatchObject({ kind: 'recipe', subject: '.' })
    expect(pack.tokens).toBe(countTokens(pack.text))
    expect(pack.tokens).toBeLessThanOrEqual(1000)
    const small = layOutPack(readRequest(request), store, { ...place, budgetTokens: 60 })
    expect(small.tokens).toBeLessThanOrEqual(60)
    expect(small.text).not.toContain(recipe)
  })

  test('for a request of which nothing speaks it lists what changed lately, and names nothing', () => {
    const pack = ask('zzqqy xylograph', 1000)
    expect(pack).toMatchObject({ predictability: 0, effort: 'high' })
    expect(pack.files.length).toBeGreaterThan(3)
    expect(new Set(pack.files.map(({ role }) => role))).toEqual(new Set(['maybe']))
    expect(pack.text).toMatch(
      /^## Nothing here speaks of the request; what changed lately, and what goes with it\n\S+\n/,
    )
    expect(new Set(pack.items.map(({ kind }) => kind))).toEqual(new Set(['file']))
  })
})
