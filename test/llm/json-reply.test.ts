import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { completeJson, isDeferred, jsonDocument } from '../../src/llm/json-reply.ts'
import { type ScriptedReply, scriptedLlm } from '../../src/llm/scripted-llm.ts'
import type { LlmRequest } from '../../src/types.ts'

const schema = z.object({ n: z.number() })
const REQUEST: LlmRequest = {
  messages: [{ role: 'user', content: 'how many?' }],
  json: { name: 'answer', schema: { type: 'object' } },
  purpose: 'count',
}

async function ask(...replies: ScriptedReply[]) {
  const llm = scriptedLlm(replies)
  const result = await completeJson(llm, REQUEST, (value) => schema.parse(value))
  return { ...result, requests: llm.requests }
}

describe('jsonDocument', () => {
  test.each([
    ['a bare document', '{"n": 1}'],
    ['white space around it', '\n {"n": 1}\n'],
    ['a fence', '```json\n{"n": 1}\n```'],
    ['a fence without a language', '```\n{"n": 1}\n```'],
    ['prose before and after', 'Here is the JSON [as asked]: {"n": 1}. Anything {else}?'],
    ['a smaller document before it', 'Sources [1] and [2].\n{"n": 1}'],
    ['an unclosed bracket before it', 'range [0, 5): {"n": 1}'],
    ['an unpaired quote mark before it', 'a 5" screen: {"n": 1}'],
    ['reasoning with a longer draft before it', '<think>maybe {"n": 2, "draft": true}?</think>\n{"n": 1}'],
  ])('is found in %s', (_, text) => {
    expect(jsonDocument(text)).toEqual({ n: 1 })
  })

  test('reasoning is left out only at the beginning', () => {
    expect(() => jsonDocument('{"n": <think>1</think>}')).toThrow(SyntaxError)
  })

  test('may hold fences, braces and quotes in its strings', () => {
    const value = { text: 'use ```ts\nif (a) { b("\\"") }\n``` here', list: ['}', ']', '{'] }
    expect(jsonDocument(`Sure:\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\nDone.`)).toEqual(value)
  })

  test('any object in a fence with prose around it comes back whole', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue()).map((part) => ({ part }))
    fc.assert(
      fc.property(object, (value) => {
        const text = JSON.stringify(value)
        expect(jsonDocument(`Here:\n\`\`\`json\n${text}\n\`\`\`\nBye`)).toEqual(JSON.parse(text))
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    '',
    'no',
    '{"n": 1',
    '{n: 1}',
    '[[[[[[',
    // nor is a part of a document the document
    '{"parts": [{"n": 1}, {"n": 2}',
    '{"parts": [{"n": 1}, {"n": 2}] oops}',
  ])('is not found in %j', (text) => {
    expect(() => jsonDocument(text)).toThrow(SyntaxError)
  })

  test('has no more than 10,000 values', () => {
    const list = (values: number) => `{"n": 1, "more": [${Array(values).fill('{}').join(',')}]}`
    expect(jsonDocument(list(2000))).toMatchObject({ n: 1 })
    expect(() => jsonDocument(list(600_000))).toThrow('more than 10000 values')
    expect(() => jsonDocument(`Here: ${list(600_000)}`)).toThrow(SyntaxError)
  })

  test('a hundred thousand open brackets are given up on soon', () => {
    const start = performance.now()
    expect(() => jsonDocument('['.repeat(100_000))).toThrow(SyntaxError)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

describe('completeJson', () => {
  test('a good reply takes one call', async () => {
    const { value, replies, problem, requests } = await ask('```json\n{"n": 3}\n```')
    expect(value).toEqual({ n: 3 })
    expect(problem).toBeUndefined()
    expect(replies).toHaveLength(1)
    expect(requests).toEqual([REQUEST])
  })

  test('a faulty reply is shown to the model once, with the error', async () => {
    const { value, replies, problem, requests } = await ask('{"n": "three"}', '{"n": 3}')
    expect(value).toEqual({ n: 3 })
    expect(problem).toBeUndefined()
    expect(replies.map(({ content }) => content)).toEqual(['{"n": "three"}', '{"n": 3}'])
    expect(requests[1]).toMatchObject({ json: REQUEST.json, purpose: 'count' })
    const [first, faulty, complaint] = requests[1]!.messages
    expect(first).toEqual(REQUEST.messages[0])
    expect(faulty).toEqual({ role: 'assistant', content: '{"n": "three"}' })
    expect(complaint?.content).toContain('expected number, received string')
  })

  test('an error names the place in the document, or the document itself', async () => {
    const problemOf = async (reply: string) => (await ask(reply, reply)).problem
    expect(await problemOf('{"n": "three"}')).toMatch(/asked for: n: .*expected number/)
    expect(await problemOf('[]')).toMatch(/asked for: the document: .*expected object/)
  })

  test('a reply of 2 MB that fits no schema is refused in a moment', async () => {
    const wide = z.object({ list: z.array(z.object({ name: z.string(), does: z.string() })) })
    const reply = await scriptedLlm(['']).complete(REQUEST)
    const content = `{"list":[${Array(663_000).fill('{}').join(',')}]}`
    const llm = { model: 'm', complete: async () => ({ ...reply, content }) }
    const started = process.cpuUsage()
    const { problem } = await completeJson(llm, REQUEST, (value) => wide.parse(value))
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1500)
    expect(problem).toContain('more than 10000 values')
  })

  test('whether the last reply was left with the Batch API', async () => {
    const { replies } = await ask('three', { stop: 'failed', failure: 'deferred' })
    expect([isDeferred(replies), isDeferred(replies.slice(0, 1)), isDeferred([])]).toEqual([true, false, false])
  })

  test('a second faulty reply is the end, and both are paid for', async () => {
    const { value, replies, problem } = await ask('three', 'still three')
    expect(value).toBeNull()
    expect(replies).toHaveLength(2)
    expect(problem).toMatch(/^the reply is not the JSON asked for: .*still three.* \(after one repair\)$/)
  })

  test('an empty reply is repaired too', async () => {
    const { value, requests } = await ask(' ', '{"n": 0}')
    expect(value).toEqual({ n: 0 })
    expect(requests[1]!.messages.at(-2)).toEqual({ role: 'assistant', content: '(empty)' })
  })

  test('the repair shows no more than 4,000 characters of the faulty reply', async () => {
    const { requests } = await ask('x'.repeat(10_000), '{"n": 1}')
    expect(requests[1]!.messages.at(-2)!.content).toBe(`${'x'.repeat(4000)}…`)
  })

  test.each([
    [{ stop: 'length', content: '{"n": 1}' } as const, 'cut off'],
    [{ stop: 'failed', message: 'quota reached (429)' } as const, 'quota reached (429)'],
    [{ stop: 'aborted', message: 'the call was stopped' } as const, 'the call was stopped'],
    [{ toolCalls: [{ id: '1', name: 'read', arguments: '{}' }] }, 'called a tool'],
  ])('a reply %j is not repaired', async (reply, why) => {
    const { value, replies, problem } = await ask(reply)
    expect(value).toBeNull()
    expect(replies).toHaveLength(1)
    expect(problem).toContain(why)
  })

  test('a repair call that fails tells why', async () => {
    const { value, replies, problem } = await ask('three', { stop: 'failed', message: 'no network' })
    expect(value).toBeNull()
    expect(replies).toHaveLength(2)
    expect(problem).toContain('no network')
  })

  test('the signal reaches the model', async () => {
    const llm = scriptedLlm(['{"n": 1}'])
    const { value, replies } = await completeJson(llm, REQUEST, (v) => schema.parse(v), AbortSignal.abort())
    expect(value).toBeNull()
    expect(replies[0]?.stop).toBe('aborted')
  })
})
