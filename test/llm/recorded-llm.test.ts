import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { recordedLlm } from '../../src/llm/recorded-llm.ts'
import { readRecording, requestHash } from '../../src/llm/recording.ts'
import { recordingLlm } from '../../src/llm/recording-llm.ts'
import { scriptedLlm } from '../../src/llm/scripted-llm.ts'
import type { LlmRequest } from '../../src/types.ts'
import { modeHere, removeFolder } from '../helpers/platform.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'))
  path = join(folder, 'a recording.json')
})
afterEach(() => removeFolder(folder))

const ask = (content: string, more: Partial<LlmRequest> = {}): LlmRequest => ({
  messages: [{ role: 'user', content }],
  purpose: 'summary',
  ...more,
})

test('a recording replays what was said, with tool calls and usage', async () => {
  const usage = { calls: 1, inputTokens: 9, cachedTokens: 3, outputTokens: 4, usd: null }
  const toolCalls = [{ id: 'x', name: 'read', arguments: '{}' }]
  const original = scriptedLlm(
    [
      { content: 'A', usage },
      { toolCalls, usage },
    ],
    { model: 'gpt-5-mini' },
  )
  const recording = recordingLlm(original, path, { note: 'for the tour' })
  await recording.complete(ask('a'))
  await recording.complete(ask('b'))

  const replay = recordedLlm(readRecording(path))
  expect(replay.model).toBe('gpt-5-mini')
  expect(await replay.complete(ask('b'))).toEqual({ stop: 'tools', content: '', toolCalls, usage })
  expect(await replay.complete(ask('a'))).toEqual({ stop: 'done', content: 'A', toolCalls: [], usage })
  expect(recordedLlm(readRecording(path), 'recorded').model).toBe('recorded')
})

test('the same request gets its replies in order, then the last one again', async () => {
  const recording = recordingLlm(scriptedLlm(['one', 'two']), path)
  await recording.complete(ask('a'))
  await recording.complete(ask('a'))
  const replay = recordedLlm(readRecording(path))
  const texts = []
  for (let i = 0; i < 3; i++) texts.push((await replay.complete(ask('a'))).content)
  expect(texts).toEqual(['one', 'two', 'two'])
})

test('a request that was not recorded is a fatal failure that names its purpose', async () => {
  await recordingLlm(scriptedLlm(['A']), path).complete(ask('a'))
  expect(await recordedLlm(readRecording(path)).complete(ask('a '))).toEqual({
    stop: 'failed',
    failure: 'fatal',
    message:
      'no recorded reply for this request (purpose summary): files, summaries or prompts have changed since it was recorded',
    fix: 'put the files back as they were then, or record it again with --record FILE',
    content: '',
    toolCalls: [],
    usage: { calls: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: 0 },
  })
})

test('the hash covers messages, tools and schema, and nothing else', () => {
  const tool = { name: 'read', description: 'reads', parameters: { type: 'object', required: ['a', 'b'] } }
  const base = ask('a', { tools: [tool], json: { name: 'j', schema: { a: 1, b: 2 } } })
  expect(requestHash(base)).toMatch(/^[0-9a-f]{64}$/)
  expect(requestHash({ ...base, purpose: 'other', maxOutputTokens: 5 })).toBe(requestHash(base))
  // key order is no difference, the order of a list is
  expect(requestHash({ ...base, json: { schema: { b: 2, a: 1 }, name: 'k' } })).toBe(requestHash(base))
  expect(requestHash(ask('a', { tools: [] }))).toBe(requestHash(ask('a')))

  const others = [
    ask('b', { tools: [tool], json: base.json! }),
    ask('a', { json: base.json! }),
    ask('a', { tools: [tool] }),
    { ...base, tools: [{ ...tool, parameters: { type: 'object', required: ['b', 'a'] } }] },
    { ...base, json: { name: 'j', schema: { a: 1, b: 3 } } },
    { ...base, messages: [{ role: 'system' as const, content: 'a' }] },
  ]
  expect(new Set([base, ...others].map(requestHash)).size).toBe(others.length + 1)
})

test('the recording is whole after every reply, for its owner only, and leaves no other file', async () => {
  const now = () => new Date('2026-01-02T03:04:05Z')
  const recording = recordingLlm(scriptedLlm(['A', 'B'], { model: 'm' }), path, { note: 'why', now })
  for (const [done, content] of ['a', 'b'].entries()) {
    await recording.complete(ask(content))
    const stored = readRecording(path)
    expect(stored).toMatchObject({ model: 'm', recordedAt: '2026-01-02T03:04:05.000Z', note: 'why' })
    expect(stored.exchanges).toHaveLength(done + 1)
    expect(stored.exchanges[done]).toMatchObject({ requestHash: requestHash(ask(content)), purpose: 'summary' })
  }
  expect(statSync(path).mode & 0o777).toBe(modeHere(0o600))
  expect(readdirSync(folder)).toEqual(['a recording.json'])
})

test('what was asked is not in the file', async () => {
  await recordingLlm(scriptedLlm(['A']), path).complete(ask('a secret of the repository'))
  expect(readFileSync(path, 'utf8')).not.toContain('secret')
})

test('failed and aborted calls are passed on and not kept', async () => {
  const recording = recordingLlm(scriptedLlm([{ stop: 'failed', message: 'no' }, 'B']), path)
  expect((await recording.complete(ask('a'))).stop).toBe('failed')
  expect((await recording.complete(ask('a'), AbortSignal.abort())).stop).toBe('aborted')
  expect(readdirSync(folder)).toEqual([])
  await recording.complete(ask('a'))
  expect(readRecording(path).exchanges).toHaveLength(1)
})

test('an older recording stays until there is a new reply', async () => {
  await recordingLlm(scriptedLlm(['old']), path).complete(ask('a'))
  const recording = recordingLlm(scriptedLlm(['new']), path)
  expect(readRecording(path).exchanges[0]?.reply.content).toBe('old')
  await recording.complete(ask('a'))
  expect(readRecording(path).exchanges.map(({ reply }) => reply.content)).toEqual(['new'])
})

test('a folder that is not there, and one in place of the file, is told before a call is paid for', () => {
  expect(() => recordingLlm(scriptedLlm([]), folder)).toThrow(/is a folder/)
  expect(() => recordingLlm(scriptedLlm([]), join(folder, 'none/'))).toThrow(UserError)
  expect(() => recordingLlm(scriptedLlm([]), join(folder, 'none', 'x.json'))).toThrow(UserError)
})

test('a file that is missing, no JSON or no recording is the error of the user', () => {
  expect(() => readRecording(path)).toThrow('cannot be read')
  for (const text of ['{', '{}', '{"model":"m","recordedAt":"","note":"","exchanges":[{}]}']) {
    writeFileSync(path, text)
    expect(() => readRecording(path)).toThrow(UserError)
  }
})
