import { afterEach, expect, test } from 'vitest'
import { readRequest } from '../../../src/request/read-request.ts'
import { askOf } from '../../../src/retrieve/rank-files.ts'
import { importHits } from '../../../src/retrieve/signals/imports.ts'
import { useHits } from '../../../src/retrieve/signals/uses.ts'
import { type HandMade, handMadeStore } from '../../helpers/hand-made-store.ts'
import { near, scoresOf, whyOf } from '../../helpers/hits.ts'

let made: HandMade | undefined
afterEach(() => {
  made?.store.close()
  made = undefined
})

test('weight flows along imports for three steps: .6 of it, an importer taking .6 of what is imported, a guess half', () => {
  made = handMadeStore({
    'seed.ts': { imports: { 'near.ts': 'resolved', 'guess.ts': 'by-name' } },
    'user.ts': { imports: { 'seed.ts': 'resolved' } },
    'near.ts': { imports: { 'far.ts': 'resolved' } },
    'guess.ts': {},
    'far.ts': { imports: { 'farther.ts': 'resolved' } },
    'farther.ts': { imports: { 'farthest.ts': 'resolved' } },
    'farthest.ts': {},
  })
  const hits = importHits(made, new Map([['seed.ts', 1]]))
  // each file gives to what it imports and, at .6, to its importers: of these two kinds the seed has 2 and 1, near.ts 1 and 1, far.ts too
  const [ofSeed, ofUser, ofNear, ofFar, ofGuess] = [0.6 / 2.6, 0.6 / 1, 0.6 / 1.6, 0.6 / 1.6, 0.6 / 0.6]
  const [nearer, guess, user] = [ofSeed, 0.5 * ofSeed, 0.6 * ofSeed]
  const far = nearer * ofNear
  const back = user * ofUser + nearer * 0.6 * ofNear + guess * 0.6 * 0.5 * ofGuess
  expect(scoresOf(hits)).toEqual(
    near({
      'seed.ts': back,
      'near.ts': nearer + far * 0.6 * ofFar + back * ofSeed,
      'guess.ts': guess + back * 0.5 * ofSeed,
      'user.ts': user + back * 0.6 * ofSeed,
      'far.ts': far,
      'farther.ts': far * ofFar,
    }),
  )
  expect(whyOf(hits)).toEqual({
    'seed.ts': '', // not by what it reached itself
    'near.ts': 'is imported by seed.ts',
    'guess.ts': 'seems to be imported by seed.ts',
    'user.ts': 'imports seed.ts',
    'far.ts': 'is imported by near.ts',
    'farther.ts': 'is imported by far.ts',
  })
})

test('a file is explained by the seed from which most flows to it, and a seed by another seed', () => {
  made = handMadeStore({
    'small.ts': { imports: { 'shared.ts': 'resolved' } },
    'large.ts': { imports: { 'shared.ts': 'resolved', 'small.ts': 'by-name' } },
    'shared.ts': {},
  })
  const weights = { 'small.ts': 0.2, 'large.ts': 0.8 }
  expect(whyOf(importHits(made, new Map(Object.entries(weights))))).toEqual({
    'shared.ts': 'is imported by large.ts',
    'small.ts': 'seems to be imported by large.ts',
    'large.ts': 'seems to import small.ts',
  })
})

test('a file is explained by where it was reached first, though more comes a longer way', () => {
  made = handMadeStore({
    'hub.ts': { imports: { 'far.ts': 'by-name', 'middle.ts': 'resolved' } },
    'other.ts': { imports: { 'middle.ts': 'resolved' } },
    'middle.ts': { imports: { 'far.ts': 'resolved' } },
    'far.ts': {},
  })
  const seeds = new Map([
    ['hub.ts', 0.5],
    ['other.ts', 0.5],
  ])
  // first .5 * .6 / 2 / 2, then (.5 * .6 / 2 + .5 * .6) * .6 / 2.2
  expect(whyOf(importHits(made, seeds))['far.ts']).toBe('seems to be imported by hub.ts')
})

test('what more than sixty files import says nothing of any of them', () => {
  const importers = (count: number) => Array.from({ length: count }, (_, i) => `of-${count}/${i}.ts`)
  made = handMadeStore({
    'known.ts': {},
    'everywhere.ts': {},
    ...Object.fromEntries(importers(60).map((path) => [path, { imports: { 'known.ts': 'resolved' } }])),
    ...Object.fromEntries(importers(61).map((path) => [path, { imports: { 'everywhere.ts': 'resolved' } }])),
  })
  expect(importHits(made, new Map([['known.ts', 1]])).size).toBe(61) // itself too
  expect(importHits(made, new Map([['everywhere.ts', 1]])).size).toBe(0)
})

test('the fewer files define a name, and the fewer use it, the more a use says; what the request speaks of says most', () => {
  made = handMadeStore({
    'seed.ts': { defines: ['price', 'round'], uses: ['total', 'log'] },
    'twin.ts': { defines: ['round'] },
    'cart.ts': { uses: ['price'] },
    ...Object.fromEntries([1, 2, 3, 4].map((i) => [`user${i}.ts`, { uses: ['round'] }])),
    'total.ts': { defines: ['total'] },
    'log.ts': { defines: ['log'] }, // the request does not say it
  })
  const hits = useHits(askOf(made.store, made.worktree, readRequest('Price of a total')), new Map([['seed.ts', 0.5]]))
  const all = 1.3 + 0.3 // shares of price and of round: .3, and 1 for what the request says most of
  const ofRound = (0.5 * 0.3) / all / 2 / Math.sqrt(4) // two files define it, four use it
  expect(scoresOf(hits)).toEqual(
    near({
      'cart.ts': (0.5 * 1.3) / all,
      ...Object.fromEntries([1, 2, 3, 4].map((i) => [`user${i}.ts`, ofRound])),
      'total.ts': 0.5,
    }),
  )
})

test('a name that five files define, or that sixty-one use, says nothing', () => {
  const many = (count: number, file: object) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${JSON.stringify(file).length}/${i}.ts`, file]))
  made = handMadeStore({
    'seed.ts': { defines: ['open', 'close'] },
    ...many(4, { defines: ['open'] }),
    ...many(61, { uses: ['close'] }),
    'user.ts': { uses: ['open'] },
  })
  expect(useHits(askOf(made.store, made.worktree, readRequest('Open')), new Map([['seed.ts', 1]])).size).toBe(0)
})
