import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { askSummary } from '../../../agents/sleep/ask-summary.ts'
import { emptyReply, MOST_TEXT, readCompletion, readStream, toolCallsOf } from '../../../src/llm/chat-reply.ts'
import { believedUsage } from '../../../src/llm/count-usage.ts'
import { openLlm } from '../../../src/llm/open-llm.ts'
import { scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { SUMMARY_KINDS } from '../../../src/summary/kinds/index.ts'
import type { Llm } from '../../../src/types.ts'
import { ANY_CHARACTER } from '../../helpers/any-character.ts'
import { FUZZ_MS, fuzz } from './fuzz.ts'
import { jsonText, list, mostly, nearly, strange } from './strange.ts'

const text = fc.string({ maxLength: 20 })
const call = nearly({
  index: fc.integer({ min: -2, max: 300 }),
  id: text,
  type: fc.constantFrom('function', 'custom'),
  function: nearly({ name: text, arguments: fc.oneof(text, strange) }),
})
const parts = {
  role: fc.constant('assistant'),
  content: fc.oneof(text, list(nearly({ type: fc.constant('text'), text }))),
  refusal: fc.option(text),
  tool_calls: list(call),
}
const usage = nearly({
  prompt_tokens: fc.integer(),
  completion_tokens: fc.integer(),
  prompt_tokens_details: nearly({ cached_tokens: fc.integer() }),
})
const finish = fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter', null)
const body = nearly({
  choices: list(nearly({ message: nearly(parts), finish_reason: finish })),
  usage,
  service_tier: text,
  error: nearly({ message: text, code: text, param: text }),
})
const chunk = nearly({
  choices: list(nearly({ delta: nearly(parts), finish_reason: finish })),
  usage,
  error: nearly({ message: text }),
})

function expectWhole(reply: ReturnType<typeof emptyReply>): void {
  expect(typeof reply.content).toBe('string')
  expect(reply.content.length).toBeLessThanOrEqual(MOST_TEXT * 2)
  for (const one of toolCallsOf(reply))
    expect([typeof one.id, typeof one.name, typeof one.arguments]).toEqual(['string', 'string', 'string'])
  const counted = { inputTokens: 10, cachedTokens: 0, outputTokens: 1 }
  for (const count of Object.values(believedUsage(reply.tokens, counted))) {
    expect(Number.isSafeInteger(count)).toBe(true)
    expect(count).toBeGreaterThanOrEqual(0)
  }
}

describe('what an endpoint sends', () => {
  test(
    'a body of any shape is read into texts and counts',
    () =>
      fuzz('chat bodies', body, (value) => {
        const reply = emptyReply()
        readCompletion(value, reply)
        expectWhole(reply)
      }),
    FUZZ_MS,
  )

  test(
    'so is a stream of any chunks',
    () =>
      fuzz('chat streams', fc.array(chunk, { maxLength: 6 }), async (chunks) => {
        const reply = emptyReply()
        async function* stream() {
          yield* chunks
        }
        await readStream(stream(), reply)
        expectWhole(reply)
      }),
    FUZZ_MS,
  )

  let say: { status: number; type: string; bytes: Buffer }
  let models: readonly Llm[]
  let close = () => {}
  beforeAll(async () => {
    const server = createServer((request, response) => {
      request.resume()
      response.writeHead(say.status, { 'content-type': say.type }).end(say.bytes)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    models = [false, true].map((stream) => openLlm({ model: 'm', baseUrl, attempts: 1, stream, timeoutMs: 5000 }))
    close = () => {
      server.closeAllConnections()
      server.close()
    }
  })
  afterAll(() => close())

  const events = fc
    .array(fc.oneof(jsonText(chunk), fc.string({ unit: ANY_CHARACTER, maxLength: 20 })), { maxLength: 5 })
    .map((all) => `${all.map((one) => `data: ${one}\n\n`).join('')}data: [DONE]\n\n`)
  const said = fc.record({
    status: fc.constantFrom(200, 200, 200, 200, 201, 400, 401, 403, 404, 413, 422, 429, 500, 503),
    type: fc.constantFrom('application/json', 'text/event-stream', 'text/html', 'x', ''),
    bytes: fc.oneof(
      fc.oneof(jsonText(body), events).map((one) => Buffer.from(one)),
      fc.uint8Array({ maxLength: 60 }).map((one) => Buffer.from(one)),
    ),
  })
  test(
    'bytes of any kind, with any status and type, are a reply or a failure in words',
    () =>
      fuzz('bytes of an endpoint', fc.tuple(said, fc.nat(1)), async ([next, which]) => {
        say = next
        const reply = await models[which]!.complete({ purpose: 'x', messages: [{ role: 'user', content: 'hello' }] })
        expect(['done', 'tools', 'length', 'failed']).toContain(reply.stop)
        expect(typeof reply.content).toBe('string')
        if (reply.stop === 'failed') expect(reply.message).toMatch(/\w{3}/)
        for (const count of [reply.usage.inputTokens, reply.usage.cachedTokens, reply.usage.outputTokens])
          expect(count).toBeGreaterThanOrEqual(0)
      }),
    FUZZ_MS,
  )
})

describe('what a model writes of the repository', () => {
  const words = [
    '`addVat`',
    '`Cart.total()`',
    ' the ',
    '.',
    '! ',
    '`',
    '__proto__',
    '\n',
    '\u202e',
    'AKIA',
    '#',
    '(',
    '`src/a.ts`',
  ]
  const prose = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((all) => all.join(''))
  const entry = nearly({ name: prose, path: prose, does: prose, purpose: prose, holds: prose })
  const summary = nearly({
    ...{ purpose: prose, changesWith: prose, watchOut: prose, does: prose, conventions: list(prose) },
    ...{ concepts: list(prose), symbols: list(entry), members: list(entry), areas: list(entry), recipes: list(prose) },
  })
  const reply = fc.oneof(
    jsonText(summary),
    jsonText(summary).map((json) => `<think>{"a": [</think> Here you are:\n\`\`\`json\n${json}\n\`\`\``),
    prose,
  )
  test(
    'a reply of any shape is a note, or a failure in words',
    () =>
      fuzz(
        'replies of the sleep agent',
        fc.tuple(fc.constantFrom('file', 'module', 'repository'), reply, reply, reply),
        async ([id, ...replies]) => {
          const kind = SUMMARY_KINDS[id as 'file']
          const { shape } = kind.reply(z) as unknown as z.ZodObject
          const llm = scriptedLlm(replies)
          const answer = await askSummary(llm, {
            kind,
            subject: 'src/vat.ts',
            content: 'export function addVat() {}',
            ground: { text: 'export function addVat() {}', isKnown: (name) => name === 'addVat' },
            trackedOf: async () => new Set(),
            names: ['addVat'],
            nameOf: (name) => (name === 'addVat' ? name : null),
          })
          if (answer.outcome === 'good') expect(Object.keys(answer.reply).sort()).toEqual(Object.keys(shape).sort())
          else expect(answer).toMatchObject({ outcome: 'failed', problem: expect.any(String), fatal: false })
        },
      ),
    FUZZ_MS,
  )
  test('(the made-up values hold strange ones)', () => {
    const some = fc.sample(mostly(text), { seed: 1, numRuns: 100 })
    expect(some.filter((one) => typeof one !== 'string').length).toBeGreaterThan(5)
  })
})
