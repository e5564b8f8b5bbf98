import { expect, test } from 'vitest'
import { type ScriptedReply, scriptedLlm } from '../../src/llm/scripted-llm.ts'
import { type AgentOptions, type LoopStyle, MOST_IDLE, runAgent } from '../../src/loop/run-agent.ts'
import { MOST_CALLS, TOO_MANY_CALLS, type Tool } from '../../src/loop/tool.ts'

const LONG = 'x'.repeat(601) // one character more than is never cut
const parameters = { type: 'object', properties: { text: { type: 'string' } } }
const TOOLS: readonly Tool[] = [
  { name: 'say', description: '', parameters, run: async ({ text }) => ({ text: String(text) }) },
  { name: 'done', description: '', parameters, run: async () => ({ text: 'finished', ends: true }) },
]

const call = (name: string, input: unknown, id = name) => ({
  id,
  name,
  arguments: typeof input === 'string' ? input : JSON.stringify(input),
})
const say = (text: string) => ({ toolCalls: [call('say', { text })] })
const done = { toolCalls: [call('done', {})] }

async function run(replies: readonly ScriptedReply[], more: Partial<AgentOptions> = {}) {
  const llm = scriptedLlm(replies)
  const end = await runAgent({
    ask: (purpose, messages) => llm.complete({ purpose, messages }),
    messages: [{ role: 'user', content: 'the request' }],
    tools: TOOLS,
    maxSteps: 9,
    ...more,
  })
  /** Texts of the tools' results and of the loop, as the last call saw them. */
  const last = (llm.requests.at(-1)?.messages ?? [])
    .filter(({ role }) => role !== 'assistant')
    .slice(1)
    .map(({ content }) => content)
  return { end, llm, last }
}

test('a reply of more than 200,000 characters ends the run: all that is kept is read again at each call', async () => {
  const { end } = await run([{ content: ' '.repeat(120_000), toolCalls: [call('say', { text: 'y'.repeat(90_000) })] }])
  expect(end).toMatchObject({ stop: 'model-failed', steps: 1, reason: 'a reply has more than 200000 characters' })
})

test('results of one reply that are too long together are not shown, but short ones are', async () => {
  const big: Tool = { name: 'big', description: '', parameters, run: async () => ({ text: 'z'.repeat(300_000) }) }
  const toolCalls = [call('big', {}, 'a'), call('big', {}, 'b'), call('say', { text: 'short' })]
  const { last } = await run([{ toolCalls }, done], { tools: [...TOOLS, big] })
  expect(last.map((text) => text.split('\n')[0]!.slice(0, 20))).toEqual([
    'z'.repeat(20),
    'not shown: the resul',
    'short',
  ])
})

test('the results of a call are in the next one, each with the count of steps, until a tool ends the run', async () => {
  const { end, llm } = await run([
    { toolCalls: [call('say', { text: 'a' }, '1'), call('say', { text: 'b' }, '2')] },
    done,
  ])
  expect(end).toEqual({ stop: 'done', steps: 2 })
  expect(llm.requests[1]!.messages).toEqual([
    { role: 'user', content: 'the request' },
    { role: 'assistant', content: '', toolCalls: expect.arrayContaining([expect.objectContaining({ id: '1' })]) },
    { role: 'tool', toolCallId: '1', content: 'a\n[step 1 of 9]' },
    { role: 'tool', toolCallId: '2', content: 'b\n[step 1 of 9]' },
  ])
})

test('a long result is whole in the next three calls, and cut short from the fourth on', async () => {
  const { llm } = await run([say(LONG), say('2'), say('3'), say('4'), done])
  const lengths = llm.requests.slice(1).map(({ messages }) => messages[2]!.content.length)
  const whole = `${LONG}\n[step 1 of 9]`.length
  expect(lengths.slice(0, 2)).toEqual([whole, whole])
  expect(lengths.map((length) => length === whole)).toEqual([true, true, true, false])
  expect(llm.requests.at(-1)!.messages[2]!.content).toBe(`${'x'.repeat(200)}\n(folded: ask again if you need it)`)
})

test('a short result and the request are never cut, however old', async () => {
  const request = { role: 'user', content: LONG } as const
  const short = 'y'.repeat(600 - '\n[step 1 of 9]'.length)
  const { llm } = await run([say(short), say('2'), say('3'), say('4'), say('5'), done], { messages: [request] })
  const [first, , result] = llm.requests.at(-1)!.messages
  expect(first).toEqual(request)
  expect(result!.content).toBe(`${short}\n[step 1 of 9]`)
})

test('a style without folding keeps every result whole, and has its own words', async () => {
  const style: LoopStyle = {
    folds: false,
    mostIdle: Infinity,
    stepCount: (at, of) => `${at}/${of}`,
    callATool: 'Go on.',
  }
  const { end, last } = await run([say(LONG), ...Array(MOST_IDLE + 2).fill('hm'), done], { style })
  expect(end).toEqual({ stop: 'done', steps: MOST_IDLE + 4 })
  expect(last.slice(0, 2)).toEqual([`${LONG}\n1/9`, '2/9 Go on.'])
})

test('a reply without a call is asked for one; some in a row end the run, and a call between starts the count again', async () => {
  const idle = Array(MOST_IDLE - 1).fill('I would rather explain it.')
  const { end, last } = await run([...idle, say('a'), ...idle, done], { maxSteps: 20 })
  expect(end).toMatchObject({ stop: 'done' })
  expect(last[0]).toBe('[step 1 of 20] Call a tool; call done when you are finished.')
  const gaveUp = await run([...idle, 'no'])
  expect(gaveUp.end).toMatchObject({ stop: 'out-of-turns', steps: MOST_IDLE })
  expect(gaveUp.end.reason).toBe('the model made no edit in 3 replies in a row')
  expect(gaveUp.end.fix).toContain('--model')
})

test('the limit of steps ends the run, with its number', async () => {
  const { end, llm } = await run([say('a'), say('b')], { maxSteps: 2 })
  expect(end).toMatchObject({ stop: 'out-of-turns', steps: 2, reason: 'the limit of 2 calls with tools is reached' })
  expect(end.fix).toMatch(/^ask for less at once, or name a stronger model/)
  expect(llm.requests).toHaveLength(2)
})

test('a mistaken call is answered in words, and the run goes on', async () => {
  const calls = [
    call('fly', {}),
    call('say', '{"text": '),
    call('say', '[]'),
    call('say', 'null'),
    call('say', { text: ['a'] }),
    call('say', { text: { a: 1 } }),
    call('say', { text: null }),
    call('say', '7'),
    call('done', ''),
  ]
  const { end, llm } = await run([{ toolCalls: calls.slice(0, -1) }, { toolCalls: calls.slice(-1) }])
  expect(end.stop).toBe('done')
  const answers = llm.requests[1]!.messages.slice(2).map(({ content }) => content.split('\n')[0])
  expect(answers).toEqual([
    "error: there is no tool 'fly'",
    expect.stringMatching(/^error: the arguments are not JSON: ./),
    'error: the arguments must be a JSON object',
    'error: the arguments must be a JSON object',
    'error: say wants text as a string, not as an object or a list',
    'error: say wants text as a string, not as an object or a list',
    'null',
    'error: the arguments must be a JSON object',
  ])
})

test('a list or an object is taken where the tool asks for one; what a tool does not describe is a text', async () => {
  const properties = { list: { type: 'array' }, map: { type: 'object' }, any: {} }
  const show: Tool = {
    ...{ name: 'show', description: '', parameters: { type: 'object', properties } },
    run: async (input) => ({ text: JSON.stringify(input) }),
  }
  const bare: Tool = { ...show, name: 'bare', parameters: { type: 'object' } }
  const calls = [call('show', { list: ['a'], map: { b: 1 } }), call('show', { any: {} }), call('bare', { any: {} })]
  const { last } = await run([{ toolCalls: calls }, done], { tools: [...TOOLS, show, bare] })
  expect(last.map((text) => text.split('\n')[0])).toEqual([
    '{"list":["a"],"map":{"b":1}}',
    'error: show wants any as a string, not as an object or a list',
    '{"any":{}}',
  ])
})

test('a reply in words stays in the conversation as such, and every call has the same purpose', async () => {
  const { llm } = await run(['let me think', done])
  expect(llm.requests.map(({ purpose }) => purpose)).toEqual(['step', 'step'])
  expect(llm.requests[1]!.messages.slice(1)).toEqual([
    { role: 'assistant', content: 'let me think' },
    { role: 'user', content: '[step 1 of 9] Call a tool; call done when you are finished.' },
  ])
  expect(llm.requests[1]!.messages[1]).not.toHaveProperty('toolCalls')
})

test('of very many calls in one reply the first are run, and the rest are answered', async () => {
  const many = Array.from({ length: MOST_CALLS + 2 }, (_, i) => call('say', { text: String(i) }, String(i)))
  const { last } = await run([{ toolCalls: many }, done])
  expect(last).toHaveLength(MOST_CALLS + 2)
  expect(last[MOST_CALLS - 1]).toBe(`${MOST_CALLS - 1}\n[step 1 of 9]`)
  expect(last.slice(MOST_CALLS)).toEqual(Array(2).fill(`${TOO_MANY_CALLS}\n[step 1 of 9]`))
})

test('calls beside the one that ends the run are made', async () => {
  const said: string[] = []
  const tools = TOOLS.map((tool) => ({
    ...tool,
    async run() {
      said.push(tool.name)
      return { text: '', ends: tool.name === 'done' }
    },
  }))
  await run([{ toolCalls: [call('done', {}), call('say', {})] }], { tools })
  expect(said).toEqual(['done', 'say'])
})

test.each([
  [{ stop: 'aborted' }, { stop: 'interrupted', steps: 1 }],
  [
    { stop: 'failed', message: 'no such model', fix: 'name another' },
    { stop: 'model-failed', steps: 1, reason: 'no such model', fix: 'name another' },
  ],
  [
    { stop: 'length' },
    {
      stop: 'model-failed',
      steps: 1,
      reason: 'the reply was cut off',
      fix: expect.stringContaining('at greater length'),
    },
  ],
  [
    { stop: 'failed', ends: 'out-of-budget', message: 'no room' },
    { stop: 'out-of-budget', steps: 1, reason: 'no room', fix: expect.any(String) },
  ],
] as const)('a reply %o ends the run', async (reply, end) => {
  expect((await run([reply])).end).toEqual(end)
})
