import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openLlm } from '../../src/llm/open-llm.ts'
import { recordedLlm } from '../../src/llm/recorded-llm.ts'
import { readRecording } from '../../src/llm/recording.ts'
import { recordingLlm } from '../../src/llm/recording-llm.ts'
import { scriptedLlm } from '../../src/llm/scripted-llm.ts'
import type { Llm, LlmRequest, ToolCall } from '../../src/types.ts'
import { type Behaviour, reply, startModelServer } from '../helpers/model-server.ts'
import { removeFolder } from '../helpers/platform.ts'

/** What every Llm must do, whoever is behind it. */
interface Answer {
  readonly content?: string
  readonly toolCalls?: readonly ToolCall[]
  readonly cut?: boolean
}

const HELLO: LlmRequest = { messages: [{ role: 'user', content: 'hello' }], purpose: 'test' }
const CALLS: readonly ToolCall[] = [
  { id: 'a', name: 'read', arguments: '{"path":"src/a.ts"}' },
  { id: 'b', name: 'done', arguments: '{not json' },
]

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const IMPLEMENTATIONS: { name: string; open: (answers: readonly Answer[]) => Promise<Llm> }[] = [
  { name: 'openLlm, whole replies', open: (answers) => openServed(answers, false) },
  { name: 'openLlm, streams', open: (answers) => openServed(answers, true) },
  { name: 'scriptedLlm', open: async (answers) => openScripted(answers) },
  { name: 'recordedLlm', open: openRecorded },
]

describe.each(IMPLEMENTATIONS)('$name', ({ open }) => {
  test('gives a text, done, with its usage', async () => {
    const llm = await open([{ content: 'grüße 日本 🙂' }])
    const { usage, ...rest } = await llm.complete(HELLO)
    expect(rest).toEqual({ stop: 'done', content: 'grüße 日本 🙂', toolCalls: [] })
    expect(usage.calls).toBe(1)
    expect(usage.inputTokens).toBeGreaterThan(0)
    expect(usage.outputTokens).toBeGreaterThan(0)
    expect(usage.cachedTokens).toBeLessThanOrEqual(usage.inputTokens)
  })

  test('gives tool calls as the model wrote them, malformed arguments too', async () => {
    const llm = await open([{ toolCalls: CALLS }])
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'tools', content: '', toolCalls: CALLS })
  })

  test('says when a reply was cut off by a limit, even with tool calls in it', async () => {
    const llm = await open([
      { content: 'half', cut: true },
      { toolCalls: CALLS, cut: true },
    ])
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'length', content: 'half' })
    expect((await llm.complete(HELLO)).stop).toBe('length')
  })

  test('gives an empty text as it is', async () => {
    const llm = await open([{ content: '' }])
    expect(await llm.complete(HELLO)).toMatchObject({ stop: 'done', content: '' })
  })

  test('answers the same question asked twice in order', async () => {
    const llm = await open([{ content: 'one' }, { content: 'two' }])
    expect((await llm.complete(HELLO)).content).toBe('one')
    expect((await llm.complete(HELLO)).content).toBe('two')
  })

  test('a call whose signal has already fired is aborted, and uses nothing', async () => {
    const llm = await open([{ content: 'later' }])
    const { stop, usage } = await llm.complete(HELLO, AbortSignal.abort())
    expect(stop).toBe('aborted')
    expect(usage).toEqual({ calls: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, usd: 0 })
    expect((await llm.complete(HELLO)).content).toBe('later')
  })
})

async function openServed(answers: readonly Answer[], stream: boolean): Promise<Llm> {
  const behaviours: Behaviour[] = answers.map(({ content = '', toolCalls = [], cut }) =>
    reply(content, { toolCalls, finish: cut ? 'length' : toolCalls.length ? 'tool_calls' : 'stop' }),
  )
  const server = await startModelServer(behaviours)
  cleanups.push(() => server.close())
  return openLlm({ model: 'm', baseUrl: server.baseUrl, stream, attempts: 1 })
}

function openScripted(answers: readonly Answer[]): Llm {
  return scriptedLlm(answers.map(({ cut, ...rest }) => ({ ...rest, ...(cut && { stop: 'length' as const }) })))
}

async function openRecorded(answers: readonly Answer[]): Promise<Llm> {
  const folder = mkdtempSync(join(tmpdir(), 'recording-'))
  cleanups.push(() => removeFolder(folder))
  const path = join(folder, 'answers.json')
  const llm = recordingLlm(openScripted(answers), path)
  for (const _ of answers) await llm.complete(HELLO)
  return recordedLlm(readRecording(path))
}
