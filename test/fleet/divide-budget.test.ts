import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { divideBudget } from '../../src/fleet/divide-budget.ts'
import type { FleetRepo } from '../../src/fleet/fleet-repo.ts'
import { gitHubMatrix, gitLabPipeline } from '../../src/fleet/job-matrix.ts'
import { readList } from '../../src/fleet/read-list.ts'
import { withTypicalFacts } from '../../src/fleet/with-typical-facts.ts'

const repo = (name: string, facts: Partial<FleetRepo> = {}): FleetRepo => ({
  ...{ name, commits: 20, waiting: 0, stale: 100, weight: 1, assumed: [] },
  ...facts,
})
const OPTIONS = { budgetTokens: 300_000, mostJobs: 1000 }
const sharesOf = (repos: readonly FleetRepo[], options = OPTIONS) =>
  Object.fromEntries(divideBudget(repos, options).shares.map(({ repo, tokens }) => [repo.name, tokens]))

test('an active repository gets more than a quiet one, and one with nothing to do rests', () => {
  const repos = [repo('quiet', { commits: 2 }), repo('active', { commits: 200 }), repo('done', { stale: 0 })]
  const shares = sharesOf(repos, { ...OPTIONS, budgetTokens: 220_000 })
  expect(shares.active).toBeGreaterThan(3 * (shares.quiet ?? 0))
  expect(sharesOf(repos, { ...OPTIONS, budgetTokens: 400_000 }).quiet).toBeGreaterThan(0)
  expect(divideBudget(repos, { ...OPTIONS, budgetTokens: 400_000 }).resting.map(({ name }) => name)).toEqual(['done'])
})

test('a waiting request is drafted before summaries are written, also where nobody commits', () => {
  const { shares } = divideBudget([repo('asked', { commits: 0, waiting: 2 }), repo('busy', { commits: 100 })], OPTIONS)
  expect(shares.find(({ repo }) => repo.name === 'asked')?.drafts).toBe(2)
})

test('a weight counts, and equal repositories get equal shares', () => {
  const shares = sharesOf([repo('a'), repo('b'), repo('c', { weight: 3 })])
  expect(shares.a).toBe(shares.b)
  expect(shares.c).toBeGreaterThan(shares.a!)
})

test('the sum of the shares never exceeds the budget, and nobody gets more than there is to do', () => {
  const facts = fc.record({
    commits: fc.nat(1000),
    waiting: fc.nat(30),
    stale: fc.nat(5000),
    weight: fc.constantFrom(0, 0.5, 1, 10),
  })
  fc.assert(
    fc.property(
      fc.array(facts, { maxLength: 40 }),
      fc.nat(5_000_000),
      fc.integer({ min: 1, max: 20 }),
      (some, tokens, jobs) => {
        const repos = some.map((one, i) => repo(`r${i}`, one))
        const { shares, resting, leftOut } = divideBudget(repos, { budgetTokens: tokens, mostJobs: jobs })
        expect(shares.reduce((sum, share) => sum + share.tokens, 0)).toBeLessThanOrEqual(tokens)
        expect(shares.length).toBeLessThanOrEqual(jobs)
        expect(shares.length + resting.length + leftOut.length).toBe(repos.length)
        for (const { repo, drafts, files } of shares) {
          expect(drafts).toBeLessThanOrEqual(repo.waiting)
          expect(files).toBeLessThanOrEqual(repo.stale)
        }
      },
    ),
  )
})

test('with more repositories than jobs, those that are worth most get one, and the budget is divided among them', () => {
  const repos = Array.from({ length: 600 }, (_, i) => repo(`r${i}`, { commits: i + 1 }))
  const plan = divideBudget(repos, { budgetTokens: 20_000_000, mostJobs: 256 })
  expect(plan.shares).toHaveLength(256)
  expect(plan.leftOut.length).toBeGreaterThan(250)
  expect(plan.shares.map(({ repo }) => repo.name)).toContain('r599')
  expect(plan.shares.map(({ repo }) => repo.name)).not.toContain('r0')
})

test('a list has facts and remarks; of what nobody knows, the median is taken', () => {
  const listed = readList(
    '# ours\nhttps://git.example.org/a.git commits=40 waiting=3 # busy\n\n./b weight=2\nshop/c#main commits=4\n',
  )
  expect(listed).toEqual([
    { name: 'https://git.example.org/a.git', facts: { commits: 40, waiting: 3 }, weight: 1 },
    { name: './b', facts: {}, weight: 2 },
    { name: 'shop/c#main', facts: { commits: 4 }, weight: 1 },
  ])
  expect(
    withTypicalFacts(
      listed,
      listed.map(({ facts }) => facts),
    )[1],
  ).toEqual({
    ...{ name: './b', commits: 40, waiting: 3, stale: 100, weight: 2, assumed: ['commits', 'waiting', 'stale'] },
  })
  for (const bad of ['', '# nothing', 'a x=1', 'a commits=many', '--upload-pack=x', 'a\na', 'a __proto__=1'])
    expect(() => readList(bad)).toThrow()
})

test('names of the list are data in the matrix and in the pipeline', () => {
  const evil = [`"; touch x; "`, '$(touch x)', 'a: b\n- c', "it's", `$\{{ secrets.KEY }}`, '*anchor', '!!js/function x']
  const { shares } = divideBudget(
    evil.map((name) => repo(name)),
    OPTIONS,
  )
  const matrix = JSON.parse(gitHubMatrix(shares)) as { include: { repository: string; 'budget-tokens': number }[] }
  expect(gitHubMatrix(shares)).not.toContain('\n')
  expect(matrix.include.map(({ repository }) => repository).sort()).toEqual([...evil].sort())
  const pipeline = parse(gitLabPipeline(shares)) as Record<
    string,
    { script?: string[]; variables?: Record<string, string> }
  >
  const names = Object.values(pipeline).map(({ variables }) => variables?.REPOSE_REPOSITORY)
  expect(names.filter((name) => name !== undefined).sort()).toEqual([...evil].sort())
  expect(pipeline['.repose-night']!.script!.join('\n')).not.toContain('touch')
  expect(Object.keys(parse(gitLabPipeline([])))).toContain('repose-night-none')
})
