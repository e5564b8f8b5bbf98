import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type ScriptedReply, scriptedLlm } from '../../src/llm/scripted-llm.ts'
import { type AgentRun, type RunOptions, withRun } from '../../src/loop/with-run.ts'
import { openRepo } from '../../src/repo/open-repo.ts'
import { openStore } from '../../src/store/open-store.ts'
import { scratchRepo, sh, userState, write } from '../repo/scratch-repo.ts'

const KEY = `ghp_${'a1B2'.repeat(9)}`
const said = (content: string) => [{ role: 'user', content }] as const

async function open(replies: readonly ScriptedReply[] = [], more: Partial<RunOptions> = {}) {
  const root = scratchRepo({ 'a.ts': 'const a = 1\n' })
  const store = openStore(':memory:')
  const llm = scriptedLlm(replies)
  const options: RunOptions = {
    repo: await openRepo(root),
    llm,
    ledger: store.ledger,
    kind: 'implement',
    budgetTokens: 100_000,
    leastOutput: 100,
    signal: new AbortController().signal,
    ...more,
  }
  const requests = () => store.db.all<Record<string, unknown>>('SELECT * FROM request')
  const calls = () => store.db.all<Record<string, unknown>>('SELECT * FROM call')
  const run = <T>(body: (run: AgentRun) => Promise<T>) => withRun('Raise a', options, body)
  const worktrees = () => sh(root, 'worktree', 'list').trim().split('\n').length
  return { root, store, llm, options, run, requests, calls, worktrees }
}

test('what the body changes is in a worktree of its own, which is removed; the user keeps everything as it was', async () => {
  const { root, run, requests, worktrees } = await open()
  const before = userState(root)
  const changes = await run(async ({ worktree, ended }) => {
    write(worktree.root, 'a.ts', 'const a = 2\n')
    const changes = await worktree.changes()
    ended({ stop: 'done', opened: ['a.ts'], changed: changes.modified })
    return changes
  })
  expect(changes.modified).toEqual(['a.ts'])
  expect(userState(root)).toEqual(before)
  expect(worktrees()).toBe(1)
  expect(requests()).toMatchObject([
    { command: 'implement', text: 'Raise a', stop: 'done', opened: '["a.ts"]', changed: '["a.ts"]' },
  ])
})

test('a body that throws leaves no worktree, and a request that counts as interrupted', async () => {
  const { run, requests, worktrees } = await open()
  await expect(run(() => Promise.reject(new Error('a fault')))).rejects.toThrow('a fault')
  expect(worktrees()).toBe(1)
  expect(requests()).toMatchObject([{ stop: 'interrupted', changed: '[]' }])
})

test('a run that was ended before its first call has made none', async () => {
  const { run, calls, llm } = await open(['yes'], { signal: AbortSignal.abort() })
  const reply = await run(({ ask, usage }) => ask('edit', said('x')).then(({ stop }) => ({ stop, ...usage() })))
  expect(reply).toMatchObject({ stop: 'aborted', calls: 0 })
  expect(calls()).toEqual([])
  expect(llm.requests).toEqual([])
})

test('calls of a draft asleep stand in the ledger as such, with the pass that made them', async () => {
  const store = openStore(':memory:')
  const pass = store.ledger.startPass(0, 'scripted', '/')
  const { run } = await open(['yes'], { kind: 'draft', phase: 'sleep', pass, ledger: store.ledger })
  const id = await run(async ({ id, ask }) => {
    await ask('open', said('which?'))
    return id
  })
  expect(store.db.all('SELECT phase, pass, request, purpose FROM call')).toEqual([
    { phase: 'sleep', pass, request: id, purpose: 'open' },
  ])
  expect(store.db.all('SELECT id, command FROM request')).toEqual([{ id, command: 'draft' }])
  expect(store.ledger.receipts(1)).toMatchObject([{ calls: 1 }])
  expect(store.ledger.implemented(9)).toEqual([])
})

test('usage adds up over the calls, and the limit of calls ends the run before the next one', async () => {
  const { run, llm, calls } = await open(['one', 'two'], { steps: 2 })
  await run(async ({ ask, usage, stepsLeft }) => {
    expect([usage().calls, stepsLeft()]).toEqual([0, 2])
    await ask('a', said('first'))
    await ask('b', said('second'))
    expect([usage().calls, stepsLeft()]).toEqual([2, 0])
    expect(await ask('c', said('third'))).toMatchObject({
      stop: 'failed',
      ends: 'out-of-turns',
      message: 'the limit of 2 calls is reached',
      fix: 'ask for less at once',
    })
  })
  expect(llm.requests).toHaveLength(2)
  expect(calls()).toMatchObject([{ phase: 'awake', pass: null, recorded: 0 }, { purpose: 'b' }])
})

test('without a limit of calls, any number is left', async () => {
  const { run } = await open()
  expect(await run(async ({ stepsLeft }) => stepsLeft())).toBe(Infinity)
})

test('a budget without room for a call and its least output ends the run, and nothing is recorded', async () => {
  const { run, calls } = await open(['never'], { budgetTokens: 105, leastOutput: 100 })
  expect(await run(({ ask }) => ask('a', said('first of all')))).toMatchObject({
    stop: 'failed',
    ends: 'out-of-budget',
  })
  expect(calls()).toEqual([])
  const dear = await open(['never'], {
    maxUsd: 0.001,
    price: { inputPerMillion: 1, cachedPerMillion: 1, outputPerMillion: 20, source: 'a test' },
  })
  const reply = await dear.run(({ ask }) => ask('a', said('first of all')))
  expect(reply).toMatchObject({ ends: 'out-of-budget', message: expect.stringContaining('US$0.001') })
})

test('secrets of the request and of files that were read are neither sent nor kept', async () => {
  const { options, llm, requests } = await open([(request) => request.messages[0]!.content])
  const transcript = await withRun(`Raise ${KEY}`, options, async ({ request, secrets, ask, transcript }) => {
    expect(request).toMatch(/^Raise \[.* left out\]$/)
    await secrets.mask('.env', `KEY=${KEY}\n`)
    await ask('a', said(`it is ${KEY}`))
    return readFileSync(transcript.path, 'utf8')
  })
  for (const text of [JSON.stringify(llm.requests), JSON.stringify(requests()), transcript]) {
    expect(text).toContain('left out]')
    expect(text).not.toContain(KEY)
  }
})

test('a transcript has each call whole; of one conversation, only what is new', async () => {
  const noted = async (more: Partial<RunOptions>) => {
    const { run } = await open(['b', 'd'], more)
    return run(async ({ ask, transcript }) => {
      await ask('step', said('a'))
      await ask('step', [...said('a'), { role: 'assistant', content: 'b' }, ...said('c')])
      return readFileSync(transcript.path, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    })
  }
  const texts = (messages: { content: string }[]) => messages.map(({ content }) => content)
  const whole = await noted({})
  expect(whole.map(({ event, purpose, messages, reply }) => [event, purpose, texts(messages), reply.content])).toEqual([
    ['call', 'step', ['a'], 'b'],
    ['call', 'step', ['a', 'b', 'c'], 'd'],
  ])
  const one = await noted({ isOneConversation: true })
  expect(one.map(({ newMessages }) => texts(newMessages))).toEqual([['a'], ['b', 'c']])
})

test('progress names the purpose, the number of the call and the tokens so far', async () => {
  const shown: string[] = []
  const usage = { calls: 1, inputTokens: 1200, cachedTokens: 0, outputTokens: 34, usd: null }
  const { run } = await open([{ usage }, 'two'], { onProgress: (text) => shown.push(text) })
  await run(async ({ ask }) => {
    await ask('open', said('a'))
    await ask('edit', said('b'))
  })
  expect(shown).toEqual(['open: call 1, 0 tokens so far', 'edit: call 2, 1,234 tokens so far'])
})

test('tools are described to the model without their code, and a replayed call is noted as one', async () => {
  const { run, llm, calls } = await open([{ toolCalls: [] }], { recorded: true })
  const parameters = { type: 'object' }
  await run(({ ask }) =>
    ask('step', said('a'), [{ name: 'done', description: 'End.', parameters, run: async () => ({ text: '' }) }]),
  )
  expect(llm.requests[0]!.tools).toEqual([{ name: 'done', description: 'End.', parameters }])
  expect(calls()).toMatchObject([{ recorded: 1 }])
})

test('a protected path may be changed if the request or the caller names it', async () => {
  const { run } = await open([], { allowed: ['.npmrc'] })
  await run(async ({ permission }) => {
    expect(permission.verdictOf('.npmrc')).toMatchObject({ allowedBy: 'user' })
    expect(permission.verdictOf('.github/workflows/ci.yml')).toMatchObject({ allowedBy: null })
    expect(permission.verdictOf('a.ts')).toBeNull()
  })
})

test('the worktree holds the commit that is asked for, or else what the user sees', async () => {
  const { root, options, run } = await open()
  const [first] = sh(root, 'rev-parse', 'HEAD').trim().split('\n')
  write(root, 'a.ts', 'const a = 7\n')
  const text = async ({ worktree }: AgentRun) => readFileSync(`${worktree.root}/a.ts`, 'utf8')
  expect(await run(text)).toBe('const a = 7\n')
  expect(await withRun('Raise a', { ...options, at: first! }, text)).toBe('const a = 1\n')
})

test('on a full disk a reply that was paid for is still given, but for a night, whose caps count the ledger', async () => {
  const store = openStore(':memory:')
  const full = () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  }
  const ledger = { ...store.ledger, addCall: full, endRequest: full }
  const day = await open(['paid'], { ledger })
  expect(await day.run(({ ask }) => ask('plan', said('Raise a')))).toMatchObject({ content: 'paid' })
  const late = await open(['paid'], { ledger })
  const ended = late.run(async ({ ask }) => {
    await ask('plan', said('Raise a'))
    full()
  })
  await expect(ended).rejects.toMatchObject({ fix: expect.stringMatching(/replied is in .*\.jsonl$/) })
  const night = await open(['paid'], { ledger, phase: 'sleep', pass: 1 })
  await expect(night.run(({ ask }) => ask('plan', said('Raise a')))).rejects.toThrow('no space left')
})
