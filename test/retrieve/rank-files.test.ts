import { expect, test } from 'vitest'
import { askOf, gatherSignals, rankSignals } from '../../src/retrieve/rank-files.ts'
import { type SignalName, WEIGHTS, type Weights } from '../../src/retrieve/score.ts'
import type { Hits } from '../../src/retrieve/signal.ts'
import { isTranslation, TRANSLATED } from '../../src/retrieve/translation.ts'
import { handMadeStore, idle } from '../helpers/hand-made-store.ts'
import { near, scoresOf, whyOf } from '../helpers/hits.ts'

const NAMES = Object.keys(WEIGHTS) as SignalName[]
const only = (weights: Partial<Weights>): Weights =>
  ({ ...Object.fromEntries(NAMES.map((name) => [name, 0])), ...weights }) as Weights
const hitsOf = (scores: Readonly<Record<string, number>>): Hits =>
  new Map(Object.entries(scores).map(([path, score]) => [path, { score, why: () => '' }]))
const signalsOf = (some: Partial<Record<SignalName, Hits>>): Record<SignalName, Hits> =>
  ({ ...Object.fromEntries(NAMES.map((name) => [name, new Map()])), ...some }) as Record<SignalName, Hits>

test.each([
  ['docs/fr/guide.md', 'docs/guide.md', true],
  ['docs/fr/guide.md', 'docs/en/guide.md', true],
  ['docs/zh-hans/guide.md', 'docs/guide.md', true],
  ['docs/fr/guide.md', 'docs/de/guide.md', false],
  ['docs/french/guide.md', 'docs/guide.md', false],
  ['docs/en/guide.md', 'docs/guide.md', false],
  ['docs/api/guide.md', 'docs/guide.md', false],
  ['docs/db/index.md', 'docs/index.md', false],
  ['examples/vue/main.ts', 'examples/main.ts', false],
  ['src/db/index.ts', 'src/index.ts', false],
  ['test/db/open.test.ts', 'test/open.test.ts', false],
])('%s beside %s is its translation: %j', (path, other, isOne) => {
  expect(isTranslation(path, (one) => one === other)).toBe(isOne)
})

test('a translated page loses its place to the page that it translates, and no source file does', () => {
  const found = hitsOf({
    'docs/fr/guide.md': 4,
    'docs/guide.md': 1,
    'docs/fr/alone.md': 4,
    'src/db/index.ts': 4,
    'src/index.ts': 4,
  })
  const ranked = rankSignals(signalsOf({ body: found, lines: found }), only({ body: 2 }))
  expect(ranked.map(({ path, score }) => [path, score])).toEqual([
    ['docs/fr/alone.md', 2],
    ['src/db/index.ts', 2],
    ['src/index.ts', 2],
    ['docs/guide.md', 1],
    ['docs/fr/guide.md', 2 - TRANSLATED],
  ])
})

test('what is known of a file besides its score goes with it', () => {
  const signals = signalsOf({
    body: hitsOf({ 'a.ts': 1, 'b.ts': 1, 'c.ts': 1 }),
    precedent: hitsOf({ 'a.ts': 1 }),
    generated: hitsOf({ 'b.ts': 0 }),
  })
  const marksOf = (weights: Weights) =>
    rankSignals(signals, weights).map(({ score: _, evidence: __, ...marks }) => marks)
  expect(marksOf(only({ body: 1, precedent: 0.1 }))).toEqual([
    { path: 'a.ts', isPrecedent: true },
    { path: 'b.ts', isGenerated: true },
    { path: 'c.ts' },
  ])
  expect(marksOf(only({ body: 1 }))[0]).toEqual({ path: 'a.ts' }) // measured without the signal
  const guesses = rankSignals(signalsOf({ recency: hitsOf({ 'a.ts': 1 }) }), only({ recency: 1 }))
  expect(guesses).toMatchObject([{ path: 'a.ts', isGuess: true }])
  for (const signal of ['names', 'pastSubjects', 'titleNamesakes'] as const)
    expect(rankSignals(signalsOf({ [signal]: hitsOf({ 'a.ts': 1 }) }), only({ [signal]: 1 }))[0]).not.toHaveProperty(
      'isGuess',
    )
})

test('the likeliest files by the weights that are given are the seeds, each by e to its score', () => {
  const { store, worktree } = handMadeStore(
    {
      'here/a.ts': { defines: ['openShop'] },
      'here/b.ts': {},
      'there/c.ts': { defines: ['openShop', 'closeShop'] },
      'there/d.ts': {},
    },
    [{ subject: 'Start', paths: ['here/b.ts', 'there/d.ts'] }],
  )
  const question = askOf(store, worktree, 'openShop, and closeShop')
  const siblings = (weights: Weights) => scoresOf(gatherSignals(question, weights).siblings)
  // closeShop is of there/c.ts alone: it has 1 + 1/2 of the names, and here/a.ts 1/2
  const ofA = Math.exp(Math.sqrt(1 / 3) - 1)
  const [here, there] = [ofA / (1 + ofA), 1 / (1 + ofA)]
  expect(siblings(only({ names: 1 }))).toEqual(near({ 'here/b.ts': here, 'there/d.ts': there }))
  expect(siblings(only({ recency: 1 }))).toEqual(near({ 'here/a.ts': 1 / 2, 'there/c.ts': 1 / 2 }))
  store.close()
})

test('eight files are seeds, of sources alone; what a tool writes and what is gone is none', () => {
  const sources = Array.from({ length: 9 }, (_, i) => `f${i}/a.ts`)
  const paths = ['docs/a.md', 'made/a.ts', 'gone/a.ts', ...sources]
  const { store, worktree } = handMadeStore(
    {
      ...Object.fromEntries([...sources, 'docs/a.md'].map((path) => [path, {}])),
      'made/a.ts': { isGenerated: true },
      ...Object.fromEntries(paths.map((path) => [path.replace('/a', '/beside'), { body: 'shop' }])),
    },
    [...paths.flatMap((path) => [{ subject: 'Tune', paths: [path] }, ...idle(9)])],
  )
  const { siblings } = gatherSignals(askOf(store, worktree, 'shop'), only({ recency: 1 }))
  expect([...siblings.keys()].sort()).toEqual(sources.slice(0, 8).map((path) => path.replace('/a', '/beside')))
  store.close()
})

test('a line of evidence cannot be begun by the name of a file or a folder', () => {
  const [odd, mirror] = ['src\n## Files/x.ts', 'lib\n## Files/x.ts']
  const { store, worktree } = handMadeStore(
    {
      [odd]: { defines: ['openShop'], uses: ['price'], imports: { 'src/b.ts': 'resolved', 'src/c.ts': 'by-name' } },
      'src/b.ts': { uses: ['openShop'] },
      'src/c.ts': { defines: ['price'] },
      'src\n## Files/y.ts': {},
      [mirror]: {},
    },
    [{ subject: 'Start', paths: [odd, 'src\n## Files/y.ts', 'src/b.ts', 'src/c.ts', mirror] }],
  )
  const signals = gatherSignals(askOf(store, worktree, 'Let openShop have a price'))
  const told = NAMES.flatMap((name) => Object.values(whyOf(signals[name])).map((why) => `${name}: ${why}`))
  expect(told.filter((why) => why.includes('\n'))).toEqual([])
  const shown = JSON.stringify(odd)
  expect(told).toEqual(
    expect.arrayContaining([
      `coChange: changes with ${shown} in the one commit to it`,
      `folderChange: changed with others in the one commit to ${shown.replace('x.ts', '')}`,
      `imports: is imported by ${shown}`,
      `imports: seems to be imported by ${shown}`,
      `uses: uses openShop, a name of ${shown}`,
      `uses: defines price, a name that ${shown} uses`,
      `siblings: stands beside ${shown}`,
      `mirrors: is named like ${shown}`,
    ]),
  )
  store.close()
})
