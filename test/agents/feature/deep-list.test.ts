import { expect, test } from 'vitest'
import { writeDeepList } from '../../../agents/feature/deep-list.ts'
import { readRequest } from '../../../src/request/read-request.ts'
import { askOf } from '../../../src/retrieve/rank-files.ts'
import { handMadeStore } from '../../helpers/hand-made-store.ts'

const listed = (paths: readonly string[]) => paths.map((path) => ({ path, names: [], changesWith: [], importedBy: [] }))
const others = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`other/o${i}.java`, { body: 'zzz' }]))

test('what is known across the files speaks of none that did not fit into the list', () => {
  const paths = Array.from(
    { length: 75 },
    (_, i) => `server/org/example/application/service/module${i}/Service${i}.java`,
  )
  const files = Object.fromEntries(paths.map((path, i) => [path, { body: i % 9 === 0 ? 'pagefind' : 'nothing' }]))
  const commits = [{ subject: 'Add pagefind', paths: [paths[0]!, paths[1]!, paths[72]!] }]
  const { store, worktree } = handMadeStore({ ...files, ...others }, commits)
  const question = askOf(store, worktree, readRequest('Add pagefind search'))
  const list = writeDeepList(listed(paths), question, 800)
  expect(list.listed.length).toBeLessThan(72)
  const [, evidence] = list.text.split('\n\n')
  const numbers = [...evidence!.matchAll(/\b\d+\b/g)].map(Number)
  expect(numbers).toContain(2)
  expect(Math.max(...numbers)).toBeLessThanOrEqual(list.listed.length)
})

test('no heading stands alone where nothing fits below it', () => {
  const paths = Array.from({ length: 40 }, (_, i) => `src/f${i}.ts`)
  const files = Object.fromEntries(
    paths.map((path, i) => [path, { body: i < 3 ? 'pagefind search zebra' : 'nothing' }]),
  )
  for (let width = 10; width < 30; width++) {
    const commits = [1, 2, 3].map((n) => ({ subject: `Add pagefind search ${n}`, paths: paths.slice(0, width) }))
    const { store, worktree } = handMadeStore({ ...files, ...others }, commits)
    const question = askOf(store, worktree, readRequest('Add pagefind search zebra'))
    expect(writeDeepList(listed(paths), question, 1000).text).not.toMatch(/:$/)
  }
})
