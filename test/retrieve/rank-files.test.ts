import { expect, test } from 'vitest'
import { readRequest } from '../../src/request/read-request.ts'
import { askOf, gatherSignals, rankFiles } from '../../src/retrieve/rank-files.ts'
import { type SignalName, WEIGHTS, type Weights } from '../../src/retrieve/score.ts'
import { fade } from '../../src/retrieve/signals/fade.ts'
import { handMadeStore, idle } from '../helpers/hand-made-store.ts'
import { near, scoresOf, whyOf } from '../helpers/hits.ts'

const NAMES = Object.keys(WEIGHTS) as SignalName[]
const only = (weights: Partial<Weights>): Weights =>
  ({ ...Object.fromEntries(NAMES.map((name) => [name, 0])), ...weights }) as Weights

test('what is known of a file besides its score goes with it', () => {
  const { store, worktree } = handMadeStore({ 'a.ts': { body: 'shop' }, 'made.ts': { isGenerated: true } }, [
    { subject: 'Start', paths: ['a.ts', 'made.ts'] },
  ])
  const marksOf = (request: string) =>
    Object.fromEntries(
      rankFiles(store, worktree, readRequest(request)).map(({ path, score: _, evidence: __, ...marks }) => [
        path,
        marks,
      ]),
    )
  expect(marksOf('Open the shop')).toEqual({ 'a.ts': {}, 'made.ts': { isGenerated: true } })
  const guess = { isGuess: true, isUnspokenOf: true }
  expect(marksOf('Bake bread')).toEqual({ 'a.ts': guess, 'made.ts': { ...guess, isGenerated: true } })
  store.close()
})

test('the likeliest files by the weights that are given are the seeds, each by e to its score', () => {
  const { store, worktree } = handMadeStore(
    { 'here/a.ts': {}, 'there/b.ts': { body: 'shop' }, 'docs/a.md': {}, 'docs/b.md': {} },
    [
      { subject: 'Tune', paths: ['here/a.ts', 'docs/a.md'] },
      ...idle(39),
      { subject: 'Tune', paths: ['there/b.ts', 'docs/b.md'] },
    ],
  )
  const question = askOf(store, worktree, readRequest('shop'))
  const pages = (weights: Weights) => scoresOf(gatherSignals(question, weights).signals.coChange)
  const share = (position: number) => {
    const worth = fade(position) / Math.log2(3)
    return worth / (1 + worth)
  }
  const ofB = Math.exp(Math.sqrt(1 / 2) - 1) // 40 commits ago: half as recent
  const [a, b] = [1 / (1 + ofB), ofB / (1 + ofB)]
  expect(pages(only({ recency: 1 }))).toEqual(near({ 'docs/a.md': a * share(0), 'docs/b.md': b * share(40) }))
  expect(pages(only({ body: 1 }))).toEqual(near({ 'docs/b.md': share(40) }))
  store.close()
})

test('eight files are seeds, of sources alone; what a tool writes and what is gone is none', () => {
  const sources = Array.from({ length: 9 }, (_, i) => `f${i}/a.ts`)
  const paths = ['docs/a.md', 'made/a.ts', 'gone/a.ts', ...sources]
  const { store, worktree } = handMadeStore(
    {
      ...Object.fromEntries(paths.filter((path) => path !== 'gone/a.ts').map((path) => [path, {}])),
      'made/a.ts': { isGenerated: true },
      ...Object.fromEntries(paths.map((path) => [path.replace('/a', '/beside'), {}])),
    },
    [
      ...paths.flatMap((path) => [{ subject: 'Tune', paths: [path] }, ...idle(9)]),
      ...idle(150), // what stands beside them changed too long ago to be recent
      ...paths.map((path) => ({ subject: 'Start', paths: [path, path.replace('/a', '/beside')] })),
    ],
  )
  const { coChange } = gatherSignals(askOf(store, worktree, readRequest('shop')), only({ recency: 1 })).signals
  expect([...coChange.keys()].sort()).toEqual(sources.slice(0, 8).map((path) => path.replace('/a', '/beside')))
  store.close()
})

test('a line of evidence cannot be begun by the name of a file or a folder', () => {
  const odd = 'src\n## Files/x.ts'
  const { store, worktree } = handMadeStore(
    {
      [odd]: { defines: ['openShop'], uses: ['price'], imports: { 'src/b.ts': 'resolved', 'src/c.ts': 'by-name' } },
      'src/b.ts': { uses: ['openShop'] },
      'src/c.ts': { defines: ['price'] },
    },
    [{ subject: 'Start', paths: [odd, 'src/b.ts', 'src/c.ts'] }],
  )
  const { signals } = gatherSignals(askOf(store, worktree, readRequest('Let openShop have a price')))
  const told = NAMES.flatMap((name) => Object.values(whyOf(signals[name])).map((why) => `${name}: ${why}`))
  expect(told.filter((why) => why.includes('\n'))).toEqual([])
  const shown = JSON.stringify(odd)
  expect(told).toEqual(
    expect.arrayContaining([
      `coChange: changes with ${shown} in the one small commit to it`,
      `folderChange: changed with others in the one small commit to ${shown.replace('x.ts', '')}`,
      `imports: is imported by ${shown}`,
      `imports: seems to be imported by ${shown}`,
      `uses: uses openShop, a name of ${shown}`,
      `uses: defines price, a name that ${shown} uses`,
    ]),
  )
  store.close()
})
