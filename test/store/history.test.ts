import { afterEach, beforeEach, expect, test } from 'vitest'
import { coChangeHits } from '../../src/retrieve/signals/co-change.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'

let store: Store
let worktree: number
beforeEach(() => {
  store = openStore(':memory:')
  worktree = store.facts.worktree('/r').id
  store.history.prepare(worktree)
})
afterEach(() => store.close())

let made = 0
function commit(subject: string, ...paths: string[]): string {
  const hash = `h${made++}`
  store.history.saveCommit({ hash, time: made, subject, body: '', paths })
  return hash
}

test('only commits that HEAD can see count, newest first', () => {
  const [a, b, c] = [commit('add csv', 'a'), commit('add json', 'a', 'b'), commit('add xml', 'a')]
  store.history.setReach(worktree, b!, [b!, a!])
  expect(store.history.newest(worktree, 10).map((one) => one.hash)).toEqual([b, a])
  expect(store.history.similar(worktree, ['xml'], 5)).toEqual([])
  store.history.setReach(worktree, c!, [c!, a!])
  expect(store.history.similar(worktree, ['xml'], 5).map((one) => one.subject)).toEqual(['add xml'])
  expect(store.history.similar(worktree, ['json'], 5)).toEqual([])
  expect(store.history.commitsOf(worktree, 'b', 30, 10)).toEqual([])
})

test('what changes together is told with how often; a sweep ties nothing', () => {
  const pairs = [1, 2, 3].map(() => commit('feature', 'a.ts', 'a.test.ts'))
  const sweep = commit('format', ...Array.from({ length: 40 }, (_, i) => `f${i}.ts`), 'a.ts')
  const all = [...pairs, sweep, commit('fix', 'a.ts')]
  store.history.setReach(worktree, 'x', all)
  const hits = coChangeHits({ store, worktree }, new Map([['a.ts', 1]]))
  expect([...hits.keys()]).toEqual(['a.test.ts'])
  expect(hits.get('a.test.ts')!.why()).toBe('changes with a.ts in 3 of 4 commits')
})

test('how often paths change follows what HEAD can see; a sweep does not count', () => {
  const first = commit('add csv', 'a.ts', 'b.ts')
  const second = commit('fix csv', 'a.ts')
  const sweep = commit('format', ...Array.from({ length: 40 }, (_, i) => `f${i}.ts`), 'a.ts')
  const activityOf = (path: string) => {
    const ids = [...store.history.changesOf([1, 2, 3], 99).values()].flat()
    const texts = store.history.pathTexts(ids)
    const id = ids.find((one) => texts.get(one) === path)!
    return store.history.activity(worktree, [id]).get(id)
  }
  store.history.setReach(worktree, 'x', [sweep, second, first])
  expect([activityOf('a.ts'), activityOf('b.ts'), activityOf('f1.ts')]).toEqual([2, 1, undefined])
  expect(store.history.meanActivity(worktree)).toEqual({ paths: 2, mean: 1.5 })
  store.history.setReach(worktree, 'y', [first])
  expect([activityOf('a.ts'), activityOf('b.ts')]).toEqual([1, 1])
})
