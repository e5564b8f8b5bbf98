import { expect, test } from 'vitest'
import { RunningChange } from '../../agents/mcp/running-change.ts'

const NEVER = new AbortController().signal
const MINUTE = 60_000
const quiet = () => {}

/** Work that ends when the test says so, or rejects when it is stopped. */
function work() {
  let end = quiet as (result: string) => void
  let starts = 0
  const run = (signal: AbortSignal, say: (text: string) => void) => {
    starts++
    say('half way')
    return new Promise<string>((resolve, reject) => {
      end = resolve
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  return { run, end: (result: string) => end(result), starts: () => starts }
}

test('a call that waits too long hears how far it is, and the next one gets the same result', async () => {
  const changes = new RunningChange<string>(20)
  const { run, end, starts } = work()
  expect(await changes.wait('a', run, NEVER, quiet)).toEqual({ said: 'half way' })
  const next = changes.wait('a', run, NEVER, quiet)
  end('made')
  expect(await next).toEqual({ result: 'made' })
  expect(starts()).toBe(1)
})

test('a result that came while nobody waited is kept for the next call with its age, and given once', async () => {
  const changes = new RunningChange<string>(20)
  const first = work()
  await changes.wait('a', first.run, NEVER, quiet)
  first.end('made')
  await new Promise((resolve) => setTimeout(resolve, 20))
  const late = await changes.wait('a', first.run, NEVER, quiet)
  expect(late).toEqual({ result: 'made', msAgo: expect.any(Number) })
  expect((late as { msAgo: number }).msAgo).toBeGreaterThan(5)
  const second = work()
  expect(await changes.wait('a', second.run, NEVER, quiet)).toEqual({ said: 'half way' })
  expect(second.starts()).toBe(1)
})

test('one change is made at a time', async () => {
  const changes = new RunningChange<string>(20)
  const { run, end } = work()
  await changes.wait('a', run, NEVER, quiet)
  await expect(changes.wait('b', run, NEVER, quiet)).rejects.toThrow('another change is being made')
  end('made')
  await new Promise(setImmediate)
  expect(await changes.wait('b', async () => 'b', NEVER, quiet)).toEqual({ result: 'b' })
})

test('two calls share a change, which goes on when one of them is cancelled, and stops with the other', async () => {
  const changes = new RunningChange<string>(MINUTE)
  const { run, starts } = work()
  const [one, two] = [new AbortController(), new AbortController()]
  const said: string[] = []
  const calls = [one, two].map(({ signal }) => changes.wait('a', run, signal, (text) => void said.push(text)))
  one.abort(new Error('cancelled'))
  await expect(calls[0]).rejects.toThrow('cancelled')
  expect(starts()).toBe(1)
  expect(said).toEqual(['half way', 'half way'])
  let isEnded = false
  calls[1]!
    .catch(() => {})
    .finally(() => {
      isEnded = true
    })
  await new Promise(setImmediate)
  expect(isEnded).toBe(false)
  two.abort()
  await expect(calls[1]).rejects.toThrow()
  expect(await changes.wait('a', async () => 'anew', NEVER, quiet)).toEqual({ result: 'anew' })
})

test('what the work throws is thrown once, and a stopped change ends', async () => {
  const changes = new RunningChange<string>(MINUTE)
  const broken = async () => Promise.reject(new Error('broken'))
  await expect(changes.wait('a', broken, NEVER, quiet)).rejects.toThrow('broken')
  const { run } = work()
  const call = changes.wait('a', run, NEVER, quiet)
  await new Promise(setImmediate)
  changes.stop()
  await expect(call).rejects.toThrow()
  await expect(changes.wait('a', run, AbortSignal.abort(new Error('gone')), quiet)).rejects.toThrow('gone')
})
