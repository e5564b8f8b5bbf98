import type { WriteStream } from 'node:tty'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Progress } from '../../bin/progress.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

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
