import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { withTimeLimit } from '../../src/llm/time-limit.ts'
import { deadline } from '../../src/processes/deadline.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

test('it aborts when the time is up, whatever garbage is collected meanwhile, or with the other signal', async () => {
  const other = new AbortController()
  const [alone, both, forOther] = [deadline(60), deadline(60, other.signal), deadline(60_000, other.signal)]
  for (let round = 0; round < 5; round++) {
    await wait(5)
    collectGarbage()
  }
  await wait(200)
  expect([alone.aborted, both.aborted, forOther.aborted]).toEqual([true, true, false])
  expect((both.reason as Error).name).toBe('TimeoutError')
  other.abort()
  expect(forOther.aborted).toBe(true)
  expect(deadline(60_000, AbortSignal.abort('enough')).reason).toBe('enough')
})

test('a time that is longer than timers take is long', async () => {
  const signal = deadline(1e15)
  const noTime = () => new Error('out of time')
  expect(await withTimeLimit(1e15, undefined, noTime, () => wait(30, 'a reply'))).toBe('a reply')
  expect(signal.aborted).toBe(false)
})
