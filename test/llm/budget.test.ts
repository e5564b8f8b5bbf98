import { getEventListeners, setMaxListeners } from 'node:events'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { Budget, type Limits } from '../../src/llm/budget.ts'
import { openLlm } from '../../src/llm/open-llm.ts'
import { type ScriptedReply, scriptedLlm } from '../../src/llm/scripted-llm.ts'
import type { LlmRequest, Usage } from '../../src/types.ts'
import { refusal, reply, startModelServer } from '../helpers/model-server.ts'

const PRICE = { inputPerMillion: 1000, cachedPerMillion: 1000, outputPerMillion: 1000, source: 'test' }

/** 100 tokens of text, and 4 that chat formats add to a message. */
const ask = (more: Partial<LlmRequest> = {}, words = 99): LlmRequest => ({
  messages: [{ role: 'user', content: 'word '.repeat(words) }],
  purpose: 'test',
  ...more,
})
const INPUT = 104

const answer = (outputTokens: number, inputTokens = INPUT, more: object = {}) => ({
  content: 'a',
  usage: { calls: 1, inputTokens, cachedTokens: 0, outputTokens, usd: null },
  ...more,
})

function limited(limits: Limits, replies: readonly ScriptedReply[], leastOutput?: number) {
  const model = scriptedLlm(replies)
  const budget = new Budget(limits, PRICE, { leastOutput })
  return { model, budget, llm: budget.limit(model) }
}

test('a prompt that the budget has no room for is not sent', async () => {
  for (const limits of [{ tokens: INPUT + 49 }, { usd: (INPUT + 49) / 1000 }]) {
    const { model, budget, llm } = limited(limits, [], 50)
    expect(await llm.complete(ask())).toMatchObject({
      stop: 'failed',
      failure: 'budget',
      message: expect.stringMatching(
        /^the budget of .* has no room for the next call: .* 104 tokens of input and at least 50/,
      ),
      fix: expect.stringContaining(limits.tokens ? '--budget-tokens' : '--max-usd'),
      usage: { calls: 0 },
    })
    expect(model.requests).toEqual([])
    expect(budget.refused).toBe(true)
  }
})

test('one that it has just room for is sent, and may reply with what is left', async () => {
  for (const limits of [{ tokens: INPUT + 50 }, { usd: (INPUT + 50.5) / 1000 }]) {
    const { model, budget, llm } = limited(limits, [answer(50)], 50)
    expect((await llm.complete(ask())).stop).toBe('done')
    expect(model.requests[0]!.maxOutputTokens).toBe(50)
    expect(budget.refused).toBe(false)
  }
})

test("a request's own limit of output is kept where it is lower, and stands for the least output", async () => {
  const { model, llm } = limited({ tokens: INPUT + 40 }, [answer(5)], 50)
  await llm.complete(ask({ maxOutputTokens: 30 }))
  expect(model.requests[0]!.maxOutputTokens).toBe(30)
})

test('with much left no limit of output is stated, since models refuse one that is above their own', async () => {
  const { model, llm } = limited({ tokens: 40_000 }, [answer(9000), answer(10)])
  await llm.complete(ask())
  await llm.complete(ask())
  expect(model.requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([undefined, 40_000 - 9000 - 2 * INPUT])
})

test('a reply that was cut off by what was left of the budget is a failure of the budget', async () => {
  const { budget, llm } = limited({ tokens: 600 }, [answer(496, INPUT, { stop: 'length' })], 50)
  expect(await llm.complete(ask())).toMatchObject({
    stop: 'failed',
    failure: 'budget',
    message: 'the reply was cut off: the budget of 600 tokens left room for 496 tokens of it',
    usage: { outputTokens: 496 },
  })
  expect(budget).toMatchObject({ refused: true, spent: { calls: 1, outputTokens: 496 } })
  const own = limited({ tokens: 6000 }, [answer(30, INPUT, { stop: 'length' })], 50)
  expect((await own.llm.complete(ask({ maxOutputTokens: 30 }))).stop).toBe('length')
})

test('without limits nothing is refused or capped', async () => {
  const { model, budget, llm } = limited({}, [answer(1_000_000)])
  expect((await llm.complete(ask())).stop).toBe('done')
  expect(model.requests[0]!.maxOutputTokens).toBeUndefined()
  expect(budget.isSpent).toBe(false)
})

test('a call that would fit but for those under way waits for them', async () => {
  let release = () => {}
  const slow = () =>
    new Promise<ReturnType<typeof answer>>((resolve) => {
      release = () => resolve(answer(50))
    })
  const { model, budget, llm } = limited({ tokens: 1000 }, [slow, answer(50), answer(50)])
  const request = ask({ maxOutputTokens: 600 })
  const first = llm.complete(request) // may take 704
  const second = llm.complete(request) // 296 are left: 192 for its reply, and 350 is what one usually takes
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(model.requests).toHaveLength(1)
  release()
  expect((await first).stop).toBe('done')
  expect((await second).stop).toBe('done')
  expect(model.requests).toHaveLength(2)
  expect(budget.spent).toMatchObject({ calls: 2, outputTokens: 100 })
  expect(budget.affords(1000 - 2 * (INPUT + 50) - 50)).toBe(true) // 50 is the mean output
  expect(budget.affords(1000 - 2 * (INPUT + 50) - 49)).toBe(false)
  const large = await llm.complete(ask({}, 700))
  expect(large).toMatchObject({ stop: 'failed', failure: 'budget', usage: { calls: 0 } })
  expect(budget.refused).toBe(true)
})

test('one that waits ends at once when it is aborted', async () => {
  const hang = () => new Promise<never>(() => {})
  const { llm } = limited({ tokens: 600 }, [hang, 'b'])
  void llm.complete(ask())
  const abort = new AbortController()
  const second = llm.complete(ask(), abort.signal)
  abort.abort()
  expect((await second).stop).toBe('aborted')
})

test('an endpoint that counts more than we do makes estimates grow', async () => {
  const { budget, llm } = limited({ tokens: 10_000 }, [answer(0, 2 * INPUT)])
  await llm.complete(ask())
  expect(budget.affords((10_000 - 2 * INPUT) / 2)).toBe(true)
  expect(budget.affords((10_000 - 2 * INPUT) / 2 + 1)).toBe(false)
})

test('an attempt that may be paid for is made again only with room for it, and with what is then left for its reply', async () => {
  const broken = { kind: 'reset', after: 'start' } as const
  const server = await startModelServer([broken, broken, broken, broken])
  onTestFinished(() => server.close())
  const endpoint = openLlm({ model: 'm', baseUrl: server.baseUrl, stream: true, retryBaseMs: 1 })
  const budget = new Budget({ tokens: 700 }, null)
  expect((await budget.limit(endpoint).complete(ask())).stop).toBe('failed')
  const caps = server.requests.map(({ body }) => body.max_tokens as number)
  expect(caps[0]).toBe(596)
  expect(caps).toHaveLength(3)
  expect(caps[1]).toBeLessThan(500)
  expect(caps[2]).toBeGreaterThanOrEqual(350)
  expect(budget.refused).toBe(true)
  expect(budget.spent.inputTokens + budget.spent.outputTokens).toBeLessThanOrEqual(700)
  const free = await startModelServer([broken, broken, broken, broken])
  onTestFinished(() => free.close())
  const unlimited = openLlm({ model: 'm', baseUrl: free.baseUrl, stream: true, retryBaseMs: 1 })
  await new Budget({}, null).limit(unlimited).complete(ask())
  expect(free.requests).toHaveLength(4)
})

test('an endpoint that refuses so long a reply is asked without a limit of it', async () => {
  const tooLarge = refusal(400, {
    message: 'max_tokens is too large: 9896. This model supports at most 4096 completion tokens.',
    param: 'max_tokens',
  })
  const server = await startModelServer([tooLarge, reply('ok'), reply('ok')])
  onTestFinished(() => server.close())
  const budget = new Budget({ tokens: 10_000 }, null)
  const llm = budget.limit(openLlm({ model: 'm', baseUrl: server.baseUrl }))
  expect((await llm.complete(ask())).stop).toBe('done')
  expect(server.requests.map(({ body }) => body.max_tokens ?? body.max_completion_tokens)).toEqual([9896, undefined])
})

test('whatever is asked and answered within the caps, at once or one after another, a limit is never passed', async () => {
  const call = fc.record({
    words: fc.integer({ min: 1, max: 300 }),
    own: fc.option(fc.nat(400), { nil: undefined }),
    share: fc.nat(100),
  })
  const anyLimits = fc.record({
    tokens: fc.option(fc.nat(4000), { nil: undefined }),
    usd: fc.option(fc.nat(4), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(
      anyLimits,
      fc.array(call, { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (limits, calls, atOnce) => {
        const budget = new Budget(limits, PRICE)
        let n = 0
        const llm = budget.limit({
          model: 'm',
          async complete(request) {
            const share = calls[n++ % calls.length]!.share / 100
            await new Promise((resolve) => setImmediate(resolve))
            const outputTokens = Math.floor(Math.min(request.maxOutputTokens ?? 500, 500) * share)
            const words = Number(request.purpose)
            const usage: Usage = { calls: 1, inputTokens: words + 5, cachedTokens: 0, outputTokens, usd: null }
            return { stop: 'done', content: 'a', toolCalls: [], usage }
          },
        })
        const waiting = calls.map(({ words, own }) => ({
          words,
          request: ask({ maxOutputTokens: own, purpose: String(words) }, words),
        }))
        const worker = async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) await llm.complete(next.request)
        }
        await Promise.all(Array.from({ length: atOnce }, worker))
        const { inputTokens, outputTokens, usd } = budget.spent
        expect(inputTokens + outputTokens).toBeLessThanOrEqual(limits.tokens ?? Infinity)
        expect(usd ?? 0).toBeLessThanOrEqual((limits.usd ?? Infinity) + 1e-9)
      },
    ),
    { numRuns: 300 },
  )
})

test('a limit that is used up to its last token or cent is spent, whichever it is', async () => {
  const spend = async (limits: Limits) => {
    const { budget, llm } = limited(limits, [answer(50)], 50)
    expect(budget.isSpent).toBe(false)
    await llm.complete(ask())
    return budget.isSpent
  }
  expect(await spend({ tokens: INPUT + 50, usd: 9 })).toBe(true)
  expect(await spend({ tokens: INPUT + 51, usd: 9 })).toBe(false)
  expect(await spend({ tokens: 9000, usd: (INPUT + 50) / 1000 })).toBe(true)
  expect(await spend({ tokens: 9000, usd: (INPUT + 51) / 1000 })).toBe(false)
})

test('a refusal names the limit that has no room, what was spent of it, and what the call takes', async () => {
  const refuse = async (limits: Limits) => {
    const { llm } = limited(limits, [answer(46)], 50)
    await llm.complete(ask())
    const { message, fix, content, toolCalls } = await llm.complete(ask())
    expect([content, toolCalls]).toEqual(['', []])
    return [message, fix]
  }
  const byTokens = await refuse({ tokens: 300, usd: 9 })
  expect(byTokens[0]).toBe(
    'the budget of 300 tokens has no room for the next call: 150 spent, and it takes 104 tokens of input and at least 50 of output',
  )
  expect(byTokens[1]).toMatch(/^raise --budget-tokens/)
  expect(await refuse({ tokens: 300 })).toEqual(byTokens)
  const byUsd = await refuse({ tokens: 304, usd: 0.3 })
  expect(byUsd[0]).toMatch(/^the budget of US\$0\.3 has no room for the next call: US\$0\.1500 spent/)
  expect(byUsd[1]).toMatch(/^raise --max-usd/)
  expect(await refuse({ usd: 0.3 })).toEqual(byUsd)
})

test('a refusal speaks of tokens as the endpoint counts them', async () => {
  const { llm } = limited({ tokens: 400 }, [answer(0, 2 * INPUT)], 50)
  await llm.complete(ask())
  expect((await llm.complete(ask())).message).toContain('208 spent, and it takes 208 tokens of input')
})

test('a call that never reached the endpoint says nothing about how it counts', async () => {
  const lost = {
    stop: 'failed',
    usage: { calls: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: 0 },
  } as const
  const { budget, llm } = limited({ tokens: 10_000 }, [lost, answer(0, 2 * INPUT)])
  await llm.complete(ask())
  await llm.complete(ask())
  expect(budget.affords((10_000 - 2 * INPUT) / 2)).toBe(true)
  expect(budget.affords((10_000 - 2 * INPUT) / 2 + 1)).toBe(false)
})

test('what was said before a reply was cut off is kept', async () => {
  const { llm } = limited({ tokens: 600 }, [answer(496, INPUT, { stop: 'length', content: 'half of' })], 50)
  expect((await llm.complete(ask())).content).toBe('half of')
})

test('a price that the endpoint names is taken, and ours where it names none', async () => {
  const paid = (usd: number | null) => ({ ...answer(46), usage: { ...answer(46).usage, usd } })
  const { budget, llm } = limited({ usd: 9 }, [paid(2), paid(null), paid(0)], 50)
  for (const spent of [2, 2.15, 2.15]) {
    await llm.complete(ask())
    expect(budget.spent.usd).toBeCloseTo(spent, 9)
  }
})

test('where output is free, a limit in US$ counts the input alone', async () => {
  const price = { ...PRICE, outputPerMillion: 0 }
  const sent = async (usd: number) => {
    const model = scriptedLlm([answer(5000)])
    const { stop } = await new Budget({ usd }, price, { leastOutput: 50 }).limit(model).complete(ask())
    return [stop, model.requests[0]?.maxOutputTokens]
  }
  expect(await sent(0.104)).toEqual(['done', undefined])
  expect(await sent(0.103)).toEqual(['failed', undefined])
})

test('every message and the schema of the reply count as input', async () => {
  const word = { role: 'user', content: 'word' } as const
  const room = async (request: Partial<LlmRequest>) => {
    const { model, llm } = limited({ tokens: 1000 }, [answer(5)], 50)
    await llm.complete({ purpose: 'test', messages: [word], ...request })
    return model.requests[0]!.maxOutputTokens!
  }
  const one = await room({})
  const three = await room({ messages: [word, word, word] })
  expect(one - three).toBeGreaterThanOrEqual(2 * (1 + 4))
  const schema = { type: 'object', properties: Object.fromEntries('abcdefgh'.split('').map((key) => [key, {}])) }
  expect(one - (await room({ json: { name: 'x', schema } }))).toBeGreaterThan(20)
})

test('no limit of output is stated from 32,000 tokens of room on', async () => {
  for (const [room, cap] of [
    [32_000, undefined],
    [31_999, 31_999],
  ] as const) {
    const { model, llm } = limited({ tokens: INPUT + room }, [answer(5)], 50)
    await llm.complete(ask())
    expect(model.requests[0]!.maxOutputTokens).toBe(cap)
  }
})

/** A model whose first call is made twice: `billed` is what its first attempt may have cost. It ends when `release` is called. */
function retrying(limits: Limits, billed: Partial<Usage>) {
  let release = () => {}
  const budget = new Budget(limits, PRICE, { leastOutput: 50 })
  const usage: Usage = { calls: 1, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: null, ...billed }
  const caps: (number | null | undefined)[] = []
  const model = {
    model: 'm',
    async complete(request: LlmRequest) {
      const isFirst = caps.length === 0
      caps.push(request.maxOutputTokens)
      const again = isFirst ? request.again!(usage) : request
      if (isFirst) caps.push(again === null ? null : again.maxOutputTokens)
      if (isFirst)
        await new Promise<void>((resolve) => {
          release = resolve
        })
      return { stop: 'done', content: 'a', toolCalls: [], usage } as const
    },
  }
  return { budget, llm: budget.limit(model), caps, release: () => release() }
}

test.each([{ tokens: 600 }, { usd: 0.6 }])(
  'an attempt that may be paid for leaves less for the next one: %o',
  async (limits) => {
    const { llm, caps, release } = retrying(limits, { inputTokens: INPUT, outputTokens: 96 })
    const call = llm.complete(ask())
    await new Promise((resolve) => setImmediate(resolve))
    release()
    await call
    const [first, second] = caps
    expect(first).toBe(496)
    expect(second).toBeGreaterThanOrEqual(295) // 296, and dollars are no whole numbers
    expect(second).toBeLessThanOrEqual(296)
  },
)

test('the next attempt is made with just enough room for the least output, and not with less', async () => {
  const second = async (tokens: number) => {
    const { budget, llm, caps, release } = retrying({ tokens }, { inputTokens: INPUT })
    const call = llm.complete(ask())
    await new Promise((resolve) => setImmediate(resolve))
    release()
    await call
    return [caps[1], budget.refused]
  }
  expect(await second(2 * INPUT + 50)).toEqual([50, false])
  expect(await second(2 * INPUT + 49)).toEqual([null, true])
})

test.each([{ tokens: 1000 }, { usd: 1 }])(
  'while an attempt is made again, what the first one may have cost is kept back from other calls: %o',
  async (limits) => {
    const { llm, caps, release } = retrying(limits, { inputTokens: INPUT, outputTokens: 96 })
    const first = llm.complete(ask({ maxOutputTokens: 96 })) // 200 billed, and 200 held back for its second attempt
    await new Promise((resolve) => setImmediate(resolve))
    await llm.complete(ask())
    release()
    await first
    const other = caps[2]
    expect(other).toBeGreaterThanOrEqual(1000 - 400 - INPUT - 1)
    expect(other).toBeLessThanOrEqual(1000 - 400 - INPUT)
  },
)

test('a call that fits only if the running one costs nothing waits for it', async () => {
  let release = () => {}
  const lost = {
    stop: 'failed',
    usage: { calls: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: 0 },
  } as const
  const slow = () =>
    new Promise<typeof lost>((resolve) => {
      release = () => resolve(lost)
    })
  const { llm } = limited({ tokens: INPUT + 50 }, [slow, answer(50)], 50)
  const first = llm.complete(ask())
  const second = llm.complete(ask())
  await new Promise((resolve) => setImmediate(resolve))
  release()
  await first
  expect((await second).stop).toBe('done')
})

test('calls that wait leave no listener on the signal of the pass', async () => {
  const usual = answer(46)
  const { llm } = limited({ tokens: 100_000 }, Array(40).fill(usual))
  const { signal } = new AbortController()
  setMaxListeners(0, signal) // while they wait, each has one
  // each holds back more than half of the budget: 39 of 40 wait
  await Promise.all(Array.from({ length: 40 }, () => llm.complete(ask({ maxOutputTokens: 60_000 }), signal)))
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
