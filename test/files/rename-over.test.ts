import { expect, test } from 'vitest'
import { whenFree } from '../../src/files/rename-over.ts'

/** Work that fails with `code` for some times; done: how often it was tried. */
function failing(code: string, times: number) {
  const work = Object.assign(
    () => {
      if (work.done++ < times) throw Object.assign(new Error(code), { code })
    },
    { done: 0 },
  )
  return work
}

test.each([
  ['win32', 'EBUSY', 2, 3, true],
  ['win32', 'EPERM', 5, 6, true],
  ['win32', 'EACCES', 99, 6, false],
  ['win32', 'ENOENT', 2, 1, false],
  ['linux', 'EBUSY', 2, 1, false],
] as const)('on %s a file that gives %s %i times is tried %i times', (platform, code, times, tried, isDone) => {
  const work = failing(code, times)
  const run = () => whenFree(work, platform)
  if (isDone) run()
  else expect(run).toThrow(code)
  expect(work.done).toBe(tried)
})
