import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type PlainOptions, runPlainAgent } from '../../../agents/plain/agent.ts'
import { plainTools } from '../../../agents/plain/tools.ts'
import { type ScriptedReply, scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { scratchRepo, sh, userState } from '../../repo/scratch-repo.ts'

const call = (name: string, input: unknown) => ({
  id: name,
  name,
  arguments: typeof input === 'string' ? input : JSON.stringify(input),
})
const KEY = `ghp_${'a1B2'.repeat(9)}`

async function run(replies: readonly ScriptedReply[], options: Partial<PlainOptions> = {}) {
  const root = scratchRepo({ 'a.ts': 'const a = 1\n', 'b.ts': `const key = '${KEY}'\n` })
  const llm = scriptedLlm(replies)
  const store = openStore(':memory:')
  const before = userState(root)
  const result = await runPlainAgent('Add b', {
    repo: await openRepo(root),
    llm,
    ledger: store.ledger,
    steps: 4,
    budgetTokens: 1_000_000,
    signal: new AbortController().signal,
    ...options,
  })
  expect(userState(root)).toEqual(before)
  expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
  return { result, llm, store, answers: (llm.requests.at(-1)?.messages ?? []).map(({ content }) => content) }
}

test('it looks, edits and ends; what it changed is told, the calls are counted, the user keeps everything as it was', async () => {
  const { result, llm, store } = await run([
    { toolCalls: [call('list_dir', { path: '.' }), call('read_file', { path: 'a.ts' })] },
    { toolCalls: [call('replace', { path: 'a.ts', find: 'a = 1', replacement: 'a = 2' })] },
    { toolCalls: [call('create_file', { path: 'c.ts', text: 'c\n' }), call('done', { summary: 'x' })] },
  ])
  expect(result).toMatchObject({ stop: 'done', modified: ['a.ts'], created: ['c.ts'], deleted: [] })
  expect(result.usage.calls).toBe(3)
  expect(store.ledger.totals(0)).toMatchObject([{ phase: 'awake', purpose: 'step', calls: 3 }])
  expect(llm.requests[1]!.messages.map(({ content }) => content).slice(3)).toEqual([
    'a.ts\nb.ts\n[Step: 1/4]',
    '1\tconst a = 1\n[Step: 1/4]',
  ])
  const lines = readFileSync(result.transcript, 'utf8')
  expect(lines.match(/"event":"call"/g)).toHaveLength(3)
})

test('what was read stays in the conversation as it was, so that a cache can serve it', async () => {
  const { llm } = await run([
    { toolCalls: [call('read_file', { path: 'a.ts' })] },
    'thinking',
    { toolCalls: [call('grep', { pattern: 'a' })] },
    { toolCalls: [call('done', { summary: 'x' })] },
  ])
  const [before, after] = llm.requests.slice(-2).map(({ messages }) => messages)
  expect(after!.slice(0, before!.length)).toEqual(before)
  expect(after!.map(({ content }) => content)).toContain('[Step: 2/4] Call a tool; call done when finished.')
})

test('a mistaken call is answered, and steps that are used up end the run', async () => {
  const { result, answers } = await run([
    { toolCalls: [call('fly', {})] },
    { toolCalls: [call('grep', '{"pattern": ')] },
    { toolCalls: [call('grep', '[]')] },
    { toolCalls: [call('grep', {})] },
  ])
  expect(result.stop).toBe('out-of-turns')
  expect(answers.join('\n')).toContain("error: there is no tool 'fly'")
  expect(answers.join('\n')).toContain('error: the arguments are not JSON')
  expect(answers.join('\n')).toContain('error: the arguments must be a JSON object')
})

test('no part of a secret is shown: files are looked through whole', async () => {
  const key = Array.from({ length: 12 }, (_, i) => `q${i}Zx`.repeat(16).slice(0, 64))
  const pem = ['-----BEGIN RSA PRIVATE KEY-----', ...key, '-----END RSA PRIVATE KEY-----']
  const root = scratchRepo({ 'key.pem': `from the shop: ${pem.join('\n')}\n` })
  const tools = plainTools(root)
  const use = async (name: string, input: Record<string, unknown>) =>
    (await tools.find((tool) => tool.name === name)!.run(input)).text
  const seen = [
    await use('grep', { pattern: '[A-Za-z0-9]{60}|^from' }),
    await use('read_file', { path: 'key.pem', start: 4, end: 8 }),
    await use('replace', { path: 'key.pem', find: `${key[3]}\n${key[4]}x\n${key[5]}`, replacement: 'x' }),
  ]
  expect(seen[0]).toBe('key.pem:1:from the shop: [private key left out]')
  expect(seen[1]).toContain('4\t[private key left out]')
  for (const line of key) expect(seen.join('\n')).not.toContain(line.slice(0, 20))
})

test('a secret is never sent', async () => {
  const { llm } = await run([
    { toolCalls: [call('read_file', { path: 'b.ts' }), call('grep', { pattern: 'key' })] },
    { toolCalls: [call('done', { summary: 'x' })] },
  ])
  const sent = JSON.stringify(llm.requests)
  expect(sent).toContain('left out]')
  expect(sent).not.toContain(KEY)
})

test('a budget ends the run before a call, and a model that fails is told', async () => {
  const none = await run([], { budgetTokens: 10 })
  expect(none.result).toMatchObject({ stop: 'out-of-budget', usage: { calls: 0 } })
  expect(none.store.ledger.totals(0)).toEqual([])
  const look = { toolCalls: [call('list_dir', { path: '.' })] }
  const { inputTokens } = (await run([look, { stop: 'failed' }])).result.usage
  const spent = await run([look], { budgetTokens: inputTokens })
  expect(spent.result).toMatchObject({ stop: 'out-of-budget', usage: { calls: 1 } })
  expect(spent.result.usage.inputTokens + spent.result.usage.outputTokens).toBeLessThanOrEqual(inputTokens)
  const failed = await run([{ stop: 'failed', message: 'no such model' }])
  expect(failed.result).toMatchObject({ stop: 'model-failed', reason: 'no such model' })
})

test('the baseline sends everything again with each call: no result is shortened, and no idle reply ends the run', async () => {
  const long = `${'x'.repeat(70)}\n`.repeat(40)
  const { result, llm } = await run(
    [
      { toolCalls: [call('create_file', { path: 'long.txt', text: long }), call('fly', {})] },
      { toolCalls: [call('read_file', { path: 'long.txt' }), call('grep', '{"pattern": '), call('grep', '[]')] },
      ...['a', 'b', 'c', 'd', 'e'],
      { toolCalls: [call('done', { summary: 'x' })] },
    ],
    { steps: 9 },
  )
  expect(result).toMatchObject({ stop: 'done', usage: { calls: 8 } })
  const said = (text: string) => ({ role: 'assistant', content: text })
  const asked = (step: number) => ({ role: 'user', content: `[Step: ${step}/9] Call a tool; call done when finished.` })
  const [, , ...sent] = llm.requests.at(-1)!.messages
  expect(sent.map(({ role, content }) => ({ role, content }))).toEqual([
    said(''),
    { role: 'tool', content: 'ok\n[Step: 1/9]' },
    { role: 'tool', content: "error: there is no tool 'fly'\n[Step: 1/9]" },
    said(''),
    {
      role: 'tool',
      content: `${Array.from({ length: 40 }, (_, i) => `${i + 1}\t${'x'.repeat(70)}`).join('\n')}\n[Step: 2/9]`,
    },
    { role: 'tool', content: expect.stringMatching(/^error: the arguments are not JSON: .*\n\[Step: 2\/9\]$/) },
    { role: 'tool', content: 'error: the arguments must be a JSON object\n[Step: 2/9]' },
    ...['a', 'b', 'c', 'd', 'e'].flatMap((text, i) => [said(text), asked(i + 3)]),
  ])
})
