import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { coChangeHits } from '../../src/retrieve/signals/co-change.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

let store: Store
let worktree: number
beforeEach(() => {
  store = openStore(':memory:')
  worktree = store.facts.worktree('/r').id
})
afterEach(() => store.close())

let made = 0
function commit(subject: string, ...paths: string[]): string {
  const hash = `h${made++}`
  store.history.saveCommit({ hash, time: made, subject, body: '', changes: paths.map((path) => ({ path, was: null })) })
  return hash
}

function rename(subject: string, ...pairs: [was: string, path: string][]): string {
  const hash = `h${made++}`
  const changes = pairs.map(([was, path]) => ({ path, was }))
  store.history.saveCommit({ hash, time: made, subject, body: '', changes })
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
  expect(store.history.commitsOf(worktree, 'b', 10)).toEqual([])
})

test('what changes together is told with how often; a sweep ties nothing', () => {
  const pairs = [1, 2, 3].map(() => commit('feature', 'a.ts', 'a.test.ts'))
  const sweep = commit('format', ...Array.from({ length: 40 }, (_, i) => `f${i}.ts`), 'a.ts')
  const all = [...pairs, sweep, commit('fix', 'a.ts')]
  store.history.setReach(worktree, 'x', all)
  const hits = coChangeHits({ store, worktree }, new Map([['a.ts', 1]]))
  expect([...hits.keys()]).toEqual(['a.test.ts'])
  expect(hits.get('a.test.ts')!.why()).toBe('changes with a.ts in 3 of the last 4 small commits to it')
})

test('how often paths change follows what HEAD can see; a sweep does not count', () => {
  const first = commit('add csv', 'a.ts', 'b.ts')
  const second = commit('fix csv', 'a.ts')
  const sweep = commit('format', ...Array.from({ length: 40 }, (_, i) => `f${i}.ts`), 'a.ts')
  const activityOf = (path: string) => {
    const { id } = store.db.get<{ id: number }>('SELECT id FROM path WHERE text = ?', path)!
    return store.history.activity(worktree, [id]).get(id)
  }
  store.history.setReach(worktree, 'x', [sweep, second, first])
  expect([activityOf('a.ts'), activityOf('b.ts'), activityOf('f1.ts')]).toEqual([2, 1, undefined])
  expect(store.history.meanActivity(worktree)).toEqual({ paths: 2, mean: 1.5 })
  store.history.setReach(worktree, 'y', [first])
  expect([activityOf('a.ts'), activityOf('b.ts')]).toEqual([1, 1])
})

test('what a file was called before counts for it, rename after rename; a new file of the old name is another', () => {
  const first = commit('add csv', 'old/a.ts', 'old/b.ts')
  const moved = rename('move', ['old/a.ts', 'lib/a.ts'], ['old/b.ts', 'lib/b.ts'])
  const again = rename('tidy', ['lib/a.ts', 'src/a.ts'], ['lib/b.ts', 'src/b.ts'])
  const reborn = commit('add a shim', 'old/b.ts')
  store.history.setReach(worktree, 'x', [reborn, again, moved, first])
  const subjectsOf = (path: string) =>
    store.history.commitsOf(worktree, path, 10).map(({ id }) => store.history.newestSubject(worktree, [id]))
  expect(subjectsOf('src/a.ts')).toEqual(['tidy', 'move', 'add csv'])
  expect(subjectsOf('src/b.ts')).toEqual(['tidy', 'move'])
  expect(subjectsOf('old/b.ts')).toEqual(['add a shim', 'add csv'])
  expect(store.history.pathsOf(worktree, [{ id: 1 }]).get(1)).toEqual(['old/b.ts', 'src/a.ts'])
  expect(store.history.commitsInFolder(worktree, 'src/', 10)).toHaveLength(3)
  store.history.setReach(worktree, 'y', [first])
  expect(store.history.pathsOf(worktree, [{ id: 1 }]).get(1)).toEqual(['old/a.ts', 'old/b.ts'])
})

test('a commit counts once for a file that it changed by two of its names', () => {
  const both = commit('replace a by what was b', 'a.ts', 'b.ts')
  const moved = rename('move', ['b.ts', 'a.ts'])
  store.history.setReach(worktree, 'x', [moved, both])
  const changes = store.history.changesOf(worktree, [1, 2])
  expect(changes.get(1)).toHaveLength(1)
  const [path] = changes.get(1)!
  expect(store.history.pathTexts(worktree, [path!]).get(path!)).toBe('a.ts')
  expect(store.history.activity(worktree, [path!]).get(path!)).toBe(2)
})

test('the newest commits are read in their order, none is sorted', () => {
  const plan = store.db.all<{ detail: string }>(
    'EXPLAIN QUERY PLAN SELECT past_commit.id FROM reach JOIN past_commit ON past_commit.id = reach.past_commit WHERE worktree = ? ORDER BY position LIMIT ?',
    worktree,
    9,
  )
  expect(plan.map(({ detail }) => detail).join('\n')).not.toContain('TEMP B-TREE')
})

test('a rename that another process has read is followed at once', () => {
  const path = join(scratchFolder(), 'x.db')
  const [here, there] = [openStore(path), openStore(path)]
  const { id } = here.facts.worktree('/r')
  here.history.saveCommit({ hash: 'a', time: 1, subject: 'add', body: '', changes: [{ path: 'old.ts', was: null }] })
  here.history.setReach(id, 'a', ['a'])
  const touches = (path: string) => here.history.commitsOf(id, path, 9).map((commit) => commit.id)
  expect(here.history.pathsOf(id, [{ id: 1 }]).get(1)).toEqual(['old.ts'])
  expect([touches('old.ts'), touches('new.ts')]).toEqual([[1], []])
  there.history.saveCommit({
    hash: 'b',
    time: 2,
    subject: 'move',
    body: '',
    changes: [{ path: 'new.ts', was: 'old.ts' }],
  })
  there.history.setReach(id, 'b', ['b', 'a'])
  expect(touches('new.ts')).toContain(1)
  expect(here.history.pathsOf(id, [{ id: 1 }]).get(1)).toEqual(['new.ts'])
  here.close()
  there.close()
})
