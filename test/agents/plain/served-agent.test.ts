import { expect, test } from 'vitest'
import { runAgentArm } from '../../../agents/plain/arms.ts'
import { promptVersion } from '../../../agents/plain/prompt-version.ts'
import { DEFAULTS } from '../../../src/config/defaults.ts'
import { refreshFacts } from '../../../src/indexing/refresh-facts.ts'
import { scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { scratchRepo } from '../../repo/scratch-repo.ts'

const call = (name: string, input: object) => ({ id: name, name, arguments: JSON.stringify(input) })

test('the agent of a client has the tools of the server beside its own, over the files as it has edited them', async () => {
  const repo = await openRepo(scratchRepo({ 'src/limit.ts': 'export const limit = 1\n', 'src/use.ts': 'limit\n' }))
  const store = openStore(':memory:')
  const { worktree } = await refreshFacts(repo, store, DEFAULTS)
  const llm = scriptedLlm([
    { toolCalls: [call('prepare_change', { request: 'Raise the limit' })] },
    { toolCalls: [call('replace', { path: 'src/limit.ts', find: 'limit = 1', replacement: 'limit = 2' })] },
    { toolCalls: [call('show', { looks: ['src/limit.ts'] }), call('show', { looks: 3 }), call('find', { query: '' })] },
    { toolCalls: [call('done', { summary: 'x' })] },
  ])
  const signal = new AbortController().signal
  const options = { repo, store, worktree, llm, steps: 5, budgetTokens: 1_000_000, signal }
  const result = await runAgentArm('served-agent', 'Raise the limit', options)
  expect(result).toMatchObject({ stop: 'done', modified: ['src/limit.ts'] })
  const [first, second, , last] = llm.requests
  expect(first!.messages[0]!.content).toContain('prepare_change with the whole request')
  expect(first!.tools!.map(({ name }) => name)).toEqual(expect.arrayContaining(['read_file', 'prepare_change', 'show']))
  expect(second!.messages.at(-1)!.content).toContain('src/limit.ts')
  const answers = last!.messages.slice(-3).map(({ content }) => content)
  expect(answers[0]).toContain('limit = 2')
  expect(answers[1]).toMatch(/^error: /)
})

test('an agent that delegates its change reads the diff, and the calls of the agent that made it count', async () => {
  const repo = await openRepo(scratchRepo({ 'src/cart.ts': 'export const total = 1\n' }))
  const store = openStore(':memory:')
  const { worktree } = await refreshFacts(repo, store, DEFAULTS)
  const request = 'Add a tax in src/tax.ts'
  const llm = scriptedLlm([
    { toolCalls: [call('implement_change', { request })] },
    { content: '@@ create src/tax.ts\n<<<<<<< text\nexport const tax = 3\n>>>>>>> end\n' },
    { toolCalls: [call('implement_change', { request: ' ' })] },
    { toolCalls: [call('done', { summary: 'x' })] },
  ])
  const signal = new AbortController().signal
  const options = { repo, store, worktree, llm, steps: 5, budgetTokens: 1_000_000, signal }
  const result = await runAgentArm('delegating-agent', request, options)
  expect(result).toMatchObject({
    stop: 'done',
    created: ['src/tax.ts'],
    usage: { calls: 4 },
    servedUsage: { calls: 1 },
  })
  expect(llm.requests[0]!.messages[0]!.content).toContain('implement_change first')
  expect(llm.requests[2]!.messages.at(-1)!.content).toContain('+export const tax = 3')
  expect(llm.requests[3]!.messages.at(-1)!.content).toContain('error: the request is empty')
  store.close()
})

test('the version of the prompts tells the arms apart', () => {
  const arms = ['plain-agent', 'served-agent', 'delegating-agent', 'agent-low']
  expect(new Set(arms.map(promptVersion)).size).toBe(arms.length)
})
