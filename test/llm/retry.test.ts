import { expect, test } from 'vitest'
import { CallFailure } from '../../src/llm/failure.ts'
import { openLlm } from '../../src/llm/open-llm.ts'
import { withRetry } from '../../src/llm/retry.ts'
import { refusal, reply, startModelServer } from '../helpers/model-server.ts'

const passing = (waitMs: number | null = null) =>
  new CallFailure({ message: 'busy', failure: 'transient', retry: true, fix: 'wait' }, { waitMs })

/** Fails with each of `errors`, then succeeds; remembers when it was called. */
function failing(...errors: unknown[]) {
  const calledAt: number[] = []
  const attempt = async () => {
    calledAt.push(performance.now())
    if (calledAt.length <= errors.length) throw errors[calledAt.length - 1]
    return 'ok'
  }
  return { attempt, calledAt }
}

test('waits grow by two, with jitter of up to the same again', async () => {
  const { attempt, calledAt } = failing(passing(), passing(), passing())
  expect(await withRetry(attempt, { attempts: 4, baseMs: 40 })).toBe('ok')
  const waits = calledAt.slice(1).map((at, i) => at - calledAt[i]!)
  expect(waits).toHaveLength(3)
  waits.forEach((wait, i) => {
    // timers may fire up to 1 ms early
    expect(wait).toBeGreaterThanOrEqual(40 * 2 ** i - 1)
    expect(wait).toBeLessThan(80 * 2 ** i + 500)
  })
})

test('the last failure is thrown when the attempts are used up', async () => {
  const last = passing()
  const { attempt, calledAt } = failing(passing(), last)
  await expect(withRetry(attempt, { attempts: 2, baseMs: 1 })).rejects.toBe(last)
  expect(calledAt).toHaveLength(2)
})

test('a failure that is not to be retried and a bug are thrown at once', async () => {
  const fatal = new CallFailure({ message: 'no', failure: 'fatal', fix: 'wait' })
  for (const error of [fatal, new TypeError('x is undefined'), new RangeError('bug')]) {
    const { attempt, calledAt } = failing(error)
    await expect(withRetry(attempt, { attempts: 4, baseMs: 1 })).rejects.toBe(error)
    expect(calledAt).toHaveLength(1)
  }
})

test('what the endpoint asks for is waited at least', async () => {
  const { attempt, calledAt } = failing(passing(120))
  await withRetry(attempt, { attempts: 2, baseMs: 1 })
  expect(calledAt[1]! - calledAt[0]!).toBeGreaterThanOrEqual(119)
})

test('more than a minute is not waited', async () => {
  const long = passing(60_001)
  const { attempt, calledAt } = failing(long)
  await expect(withRetry(attempt, { attempts: 4, baseMs: 1 })).rejects.toBe(long)
  expect(calledAt).toHaveLength(1)
})

test('an abort ends the wait that the endpoint asked for', async () => {
  const { attempt, calledAt } = failing(passing(30_000))
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 30)
  const start = performance.now()
  await expect(withRetry(attempt, { attempts: 4, baseMs: 1, signal: controller.signal })).rejects.toThrow()
  expect(performance.now() - start).toBeLessThan(5000)
  expect(calledAt).toHaveLength(1)
})

const inTwoSeconds = () => new Date(Date.now() + 2000).toUTCString()
test.each([
  { header: 'retry-after-ms', value: () => '150', least: 149 },
  { header: 'retry-after', value: () => '0.15', least: 149 },
  // a date has whole seconds, so two of them are at least one
  { header: 'retry-after', value: inTwoSeconds, least: 900 },
])('the header $header of an endpoint is honoured', async ({ header, value, least }) => {
  const server = await startModelServer([refusal(429, { message: 'slow down' }, { [header]: value() }), reply('hi')])
  try {
    const llm = openLlm({ model: 'm', baseUrl: server.baseUrl, retryBaseMs: 1 })
    const start = performance.now()
    const { content } = await llm.complete({ messages: [{ role: 'user', content: 'hello' }], purpose: 'test' })
    expect(content).toBe('hi')
    expect(performance.now() - start).toBeGreaterThanOrEqual(least)
  } finally {
    await server.close()
  }
})
