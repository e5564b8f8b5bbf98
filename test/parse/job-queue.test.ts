import { expect, test } from 'vitest'
import { jobQueue } from '../../src/parse/job-queue.ts'
import type { ParseJob } from '../../src/parse/messages.ts'

const jobs = (language: string | null, count: number, from = 0): ParseJob[] =>
  Array.from({ length: count }, (_, i) => ({ key: from + i, path: `/${from + i}`, language, blob: `${from + i}` }))
const keys = (some: readonly ParseJob[]) => some.map(({ key }) => key)

test('a child goes on with what it has loaded, then takes what no child has, then helps', () => {
  const queue = jobQueue([...jobs('go', 5), ...jobs('ruby', 3, 5), ...jobs(null, 1, 8)])
  const [first, second] = [new Set<string | null>(), new Set<string | null>()]
  expect(keys(queue.take(first, 2))).toEqual([0, 1])
  expect(keys(queue.take(second, 2))).toEqual([5, 6])
  expect(keys(queue.take(second, 2))).toEqual([7])
  expect(keys(queue.take(first, 2))).toEqual([2, 3])
  expect(keys(queue.take(second, 2))).toEqual([8])
  expect(keys(queue.take(second, 2))).toEqual([4])
  expect(queue.size).toBe(0)
  expect(queue.take(first, 2)).toEqual([])
  expect([...second]).toEqual(['ruby', null, 'go'])
})

test('what is given back comes first, in its order', () => {
  const queue = jobQueue(jobs('go', 4))
  const taken = queue.take(new Set(), 3)
  queue.giveBack(taken.slice(1))
  expect(queue.size).toBe(3)
  expect(keys(queue.take(new Set(), 9))).toEqual([1, 2, 3])
})
