import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRequest } from '../../../src/request/read-request.ts'
import { askOf } from '../../../src/retrieve/rank-files.ts'
import { coChangeHits, folderChangeHits } from '../../../src/retrieve/signals/co-change.ts'
import { fade } from '../../../src/retrieve/signals/fade.ts'
import { pastSubjectHits } from '../../../src/retrieve/signals/past-subjects.ts'
import { recencyHits } from '../../../src/retrieve/signals/recency.ts'
import { type HandMade, handMadeStore, idle } from '../../helpers/hand-made-store.ts'
import { near, scoresOf, whyOf } from '../../helpers/hits.ts'

const SEEDS = new Map([
  ['src/a.ts', 0.75],
  ['lib/d.ts', 0.25],
])
const WIDE = Array.from({ length: 51 }, (_, i) => `wide/${i}.ts`)

let past: HandMade
beforeAll(() => {
  past = handMadeStore({}, [
    { subject: 'Tune a', paths: ['src/a.ts'] }, // position 0
    ...idle(799),
    { subject: 'Paint the shop', paths: ['src/a.ts', 'x/b.ts', 'x/c.ts'] }, // 800
    ...idle(799),
    { subject: 'Paint the shed', paths: ['lib/d.ts', 'x/b.ts', 'x/e.ts'] }, // 1600
  ])
})
afterAll(() => past.store.close())

test('a commit says half as much every 800 newer ones', () => {
  expect([0, 800, 1600].map((position) => fade(position))).toEqual([1, 1 / 2, 1 / 4])
})

test('what changed with a seed in an old and wide commit counts less, and once is no habit', () => {
  // a commit is worth its fade / log2(1 + width); one worth 1 that held nothing is added
  const ofA = 1 / 2 / 2 / (1 + 1 / 2 / 2 + 1)
  const ofD = 1 / 4 / 2 / (1 / 4 / 2 + 1)
  const hits = coChangeHits(past, SEEDS)
  expect(scoresOf(hits)).toEqual(
    near({ 'x/b.ts': 0.75 * ofA + 0.25 * ofD, 'x/c.ts': 0.75 * ofA, 'x/e.ts': 0.25 * ofD }),
  )
  expect(whyOf(hits)).toEqual({
    'x/b.ts': 'changes with src/a.ts in 1 of the last 2 small commits to it',
    'x/c.ts': 'changes with src/a.ts in 1 of the last 2 small commits to it',
    'x/e.ts': 'changes with lib/d.ts in the one small commit to it',
  })
})

test('what changed with a folder counts in the same way, and a commit of one file says nothing of what goes with it', () => {
  const all = 1 + 1 / 2 / 2 + 1
  const hits = folderChangeHits(past, new Map([['src/other.ts', 1]]))
  expect(scoresOf(hits)).toEqual(near({ 'src/a.ts': 1 / 4 / all, 'x/b.ts': 1 / 4 / all, 'x/c.ts': 1 / 4 / all }))
  expect(whyOf(hits)['src/a.ts']).toBe('changed with others in 1 of the last 2 small commits to src/')
})

test('the newest sixty commits of a file or a folder are looked at', () => {
  const { store, worktree } = handMadeStore({}, [
    ...Array(60).fill({ subject: 'Tune', paths: ['src/a.ts', 'x/b.ts'] }),
    { subject: 'Start', paths: ['src/a.ts', 'x/c.ts'] },
  ])
  const seeds = new Map([['src/a.ts', 1]])
  expect(whyOf(coChangeHits({ store, worktree }, seeds))).toEqual({
    'x/b.ts': 'changes with src/a.ts in 60 of the last 60 small commits to it',
  })
  expect(whyOf(folderChangeHits({ store, worktree }, seeds))).toEqual({
    'src/a.ts': 'changed with others in 60 of the last 60 small commits to src/',
    'x/b.ts': 'changed with others in 60 of the last 60 small commits to src/',
  })
  store.close()
})

test('a file is found by what its commits said: BM25, in which old subjects count less and busy files are long', () => {
  // five paths changed: a and b twice, c, d and e once
  const mean = 7 / 5
  const rarity = Math.log(1 + (5 - 5 + 0.5) / (5 + 0.5))
  const bm25 = (count: number, commits: number) =>
    (3 * rarity * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * commits) / mean)) // 3: said in the title
  expect(scoresOf(pastSubjectHits(askOf(past.store, past.worktree, readRequest('paint'))))).toEqual(
    near({
      'src/a.ts': bm25(1 / 2, 2),
      'x/b.ts': bm25(1 / 2 + 1 / 4, 2),
      'x/c.ts': bm25(1 / 2, 1),
      'lib/d.ts': bm25(1 / 4, 1),
      'x/e.ts': bm25(1 / 4, 1),
    }),
  )
})

test('of the subjects that say most of the request the newest is told', () => {
  const subjects = ['Paint doors', 'Paint a green door', 'Paint the door green', 'Paint']
  const { store, worktree } = handMadeStore(
    {},
    subjects.map((subject) => ({ subject, paths: ['src/a.ts'] })),
  )
  expect(whyOf(pastSubjectHits(askOf(store, worktree, readRequest('Paint doors green'))))).toEqual({
    'src/a.ts': 'changed by "Paint a green door"',
  })
  store.close()
})

test('what changed lately halves every forty commits, and is shared among the files of a commit; a sweep says nothing', () => {
  const { store, worktree } = handMadeStore({}, [
    { subject: 'Tune', paths: ['a.ts', 'b.ts', 'c.ts', 'd.ts'] },
    { subject: 'Format', paths: WIDE },
    ...idle(78),
    { subject: 'Fix', paths: ['a.ts', 'e.ts'] }, // 80
    ...idle(69),
    { subject: 'Start', paths: ['f.ts'] }, // 150: too long ago
  ])
  const hits = recencyHits({ store, worktree })
  const half = 1 / Math.sqrt(4)
  const old = 1 / 4 / Math.sqrt(2)
  expect(scoresOf(hits)).toEqual(near({ 'a.ts': half + old, 'b.ts': half, 'c.ts': half, 'd.ts': half, 'e.ts': old }))
  expect(whyOf(hits)).toMatchObject({
    'a.ts': 'changed by the newest commit',
    'e.ts': 'changed 80 commits ago, wide ones aside',
  })
  store.close()
})

test('of messages that are equally long one that says it in its subject counts nearly half more than one in its body', () => {
  const { store, worktree } = handMadeStore({}, [
    { subject: 'Tune', body: 'paint' },
    { subject: 'Paint', body: 'tune' },
    ...Array(6).fill({ subject: 'Walk', body: 'slowly' }),
  ])
  const [subject, body] = store.history.similar(worktree, ['paint'], 9)
  expect([subject!.position, body!.position]).toEqual([1, 0])
  // BM25 of a term that is counted twice, and once: k1 is 1.2
  expect(subject!.score / body!.score).toBeCloseTo((2 * 2.2) / (2 + 1.2) / (2.2 / (1 + 1.2)), 9)
  store.close()
})
