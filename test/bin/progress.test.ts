import type { WriteStream } from 'node:tty'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Progress } from '../../bin/progress.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function written(isTTY: boolean, show: (progress: Progress) => void): string {
  let text = ''
  const out = { isTTY, columns: 80, write: (more: string) => (text += more) } as unknown as WriteStream
  const progress = new Progress(out)
  vi.advanceTimersByTime(11_000)
  show(progress)
  return text
}

test('elsewhere than on a terminal a long job says something every ten seconds, and one of small steps nothing', () => {
  expect(written(false, (progress) => progress.show('run 2 of 9'))).toBe('run 2 of 9\n')
  expect(written(false, (progress) => progress.showOnTerminal('task 22 of 30'))).toBe('')
  expect(written(true, (progress) => progress.showOnTerminal('task 22 of 30'))).toBe('\rtask 22 of 30')
})

test('elsewhere than on a terminal a step that takes long is told once ten seconds have passed, unless the job has ended', () => {
  let text = ''
  const out = { isTTY: false, write: (more: string) => (text += more) } as unknown as WriteStream
  const progress = new Progress(out)
  progress.show('checking: npm test')
  progress.show('checking: npm run lint')
  vi.advanceTimersByTime(9000)
  expect(text).toBe('')
  vi.advanceTimersByTime(2000)
  expect(text).toBe('checking: npm run lint\n')
  progress.show('call 1')
  progress.end()
  vi.advanceTimersByTime(20_000)
  expect(text).toBe('checking: npm run lint\n')
})

test('a long step is shown even if its timer fires a little early', () => {
  let now = 0
  vi.stubGlobal('performance', { now: () => now })
  let text = ''
  const out = { isTTY: false, write: (more: string) => (text += more) } as unknown as WriteStream
  new Progress(out).show('checking: npm test')
  now = 9999.4
  vi.advanceTimersByTime(10_000)
  expect(text).toBe('')
  now = 10_000.4
  vi.advanceTimersByTime(1)
  expect(text).toBe('checking: npm test\n')
})
