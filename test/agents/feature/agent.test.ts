import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type FeatureOptions, implementRequest } from '../../../agents/feature/agent.ts'
import { type ScriptedReply, scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import { openRepo } from '../../../src/repo/open-repo.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { gitThatPutsNothingBack } from '../../helpers/fake-git.ts'
import { isWindows } from '../../helpers/platform.ts'
import { scratchRepo, sh } from '../../repo/scratch-repo.ts'

async function implement(replies: readonly ScriptedReply[], more: Partial<FeatureOptions> = {}) {
  const root = scratchRepo({ 'a.ts': 'const a = 1\n' })
  const store = openStore(':memory:')
  const options = {
    repo: await openRepo(root),
    store,
    worktree: store.facts.worktree(root).id,
    llm: scriptedLlm(replies),
    effort: 'low',
    checks: [],
    checkTimeoutMs: 1000,
    budgetTokens: 100_000,
    signal: new AbortController().signal,
    ...more,
  } as const
  const run = implementRequest('Add b', options, async (result) => result)
  await run.catch(() => {})
  expect(sh(root, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
  return run
}

test('the worktree goes, also when the end of the request cannot be noted', async () => {
  const { ledger } = openStore(':memory:')
  const full = () => {
    throw new Error('the disk is full')
  }
  const run = implement([{ stop: 'failed' }], { ledger: { ...ledger, endRequest: full } })
  await expect(run).rejects.toThrow('the disk is full')
})

test.each(['low', 'high'] as const)(
  'a limit that is reached ends %s effort with its name and the reason',
  async (effort) => {
    const look =
      effort === 'low' ? 'open a.ts' : { toolCalls: [{ id: '1', name: 'look', arguments: '{"lines":"open a.ts"}' }] }
    expect(await implement([], { effort, budgetTokens: 10 })).toMatchObject({
      stop: 'out-of-budget',
      reason: expect.stringMatching(/^the budget of 10 tokens has no room for the next call: 0 spent/),
      fix: expect.stringContaining('--budget-tokens'),
      usage: { calls: 0, inputTokens: 0 },
    })
    const twice = (await implement([look, { stop: 'failed' }], { effort })).usage.inputTokens
    const once = await implement([look], { effort, budgetTokens: twice })
    expect(once).toMatchObject({ stop: 'out-of-budget', usage: { calls: 1 } })
    expect(once.usage.inputTokens + once.usage.outputTokens).toBeLessThanOrEqual(twice)
    expect(await implement([look], { effort, steps: 1 })).toMatchObject({
      stop: 'out-of-turns',
      reason: expect.stringContaining('the limit of 1 calls'),
    })
  },
)

test("a provider's words that read like a limit of the run are not taken for one", async () => {
  const reply = { stop: 'failed', message: 'the token budget of this account is used up' } as const
  expect(await implement([reply])).toMatchObject({ stop: 'model-failed', reason: reply.message })
})

test.each(['low', 'high'] as const)('a plan with what %s effort asked to see comes with the result', async (effort) => {
  const root = scratchRepo({ 'a.ts': 'const a = 1\n' })
  const store = openStore(':memory:')
  const edit = '@@ replace a.ts\n<<<<<<< find\nconst a = 1\n======= replace\nconst a = 2\n>>>>>>> end\n'
  const tool = (name: string, input: object) => ({ toolCalls: [{ id: name, name, arguments: JSON.stringify(input) }] })
  const wanted = 'open a.ts\nsearch const in *.ts'
  const replies =
    effort === 'low'
      ? [wanted, edit]
      : [tool('look', { lines: wanted }), tool('edit', { edits: edit }), tool('done', {})]
  const options = {
    repo: await openRepo(root),
    ...{ store, worktree: store.facts.worktree(root).id, llm: scriptedLlm(replies), effort, checks: [] },
    ...{ checkTimeoutMs: 1000, budgetTokens: 100_000, signal: new AbortController().signal },
  }
  const draft = { kind: 'draft', phase: 'sleep' } as const
  const [result, plan] = await implementRequest('Add b', { ...options, ...draft }, async (made, _, plan) => [
    made,
    plan,
  ])
  expect(result).toMatchObject({ stop: 'done', modified: ['a.ts'] })
  expect(plan).toEqual({
    opened: ['a.ts', 'search const in *.ts'].map((name) => (effort === 'low' ? name : name.replace(/^a/, 'open a'))),
    looked: [
      { kind: 'open', path: 'a.ts' },
      { kind: 'search', pattern: 'const', places: [{ path: '*.ts' }] },
    ],
  })
  expect(store.db.all('SELECT DISTINCT command, phase FROM request JOIN call ON call.request = request.id')).toEqual([
    { command: 'draft', phase: 'sleep' },
  ])
})

test('what earlier replies made is kept if Ctrl-C comes while a later one is worked on', async () => {
  const create = (path: string) => `@@ create ${path}\n<<<<<<< text\nexport const one = 1\n>>>>>>> end\n`
  const end = new AbortController()
  const replies = [
    'open a.ts',
    create('b.ts'),
    () => {
      setImmediate(() => end.abort(new Error('enough')))
      return create('c.ts')
    },
  ]
  expect(await implement(replies, { checks: ['test ! -e b.ts'], signal: end.signal })).toMatchObject({
    ...{ stop: 'interrupted', created: ['b.ts'] },
    diff: expect.stringContaining('+export const one = 1'),
  })
})

test('high effort that changes nothing is asked why, and ends well if the model says where it is', async () => {
  const done = (note: string) => ({ toolCalls: [{ id: note, name: 'done', arguments: JSON.stringify({ note }) }] })
  const there = 'Nothing to change: `a` in a.ts is b.'
  const told = await implement([done('it is there'), done(there)], { effort: 'high' })
  expect(told).toMatchObject({ stop: 'nothing-to-change', reason: '`a` in a.ts is b.', notes: [], diff: '' })
  expect(await implement([done(there)], { effort: 'high' })).toMatchObject({ stop: 'nothing-to-change' })
  expect(await implement([done(''), done('no idea')], { effort: 'high' })).toMatchObject({ stop: 'nothing-changed' })
})

test.skipIf(isWindows)(
  'high effort does nothing more in a worktree that could not be put back after a check',
  async () => {
    const root = scratchRepo({ 'a.ts': 'const a = 1\n' })
    const call = (name: string, input: object) => ({ id: name, name, arguments: JSON.stringify(input) })
    const create = (path: string) =>
      call('edit', { edits: `@@ create ${path}\n<<<<<<< text\nexport const b = 1\n>>>>>>> end\n` })
    const replies = [
      { toolCalls: [create('b.ts')] },
      { toolCalls: [call('check', {}), create('c.ts')] },
      { toolCalls: [create('d.ts')] },
      { toolCalls: [call('done', { note: '' })] },
    ]
    const checks = ['test ! -e b.ts || { touch broken; echo >a.ts; }']
    vi.stubEnv('PATH', gitThatPutsNothingBack())
    const store = openStore(':memory:')
    const place = { repo: await openRepo(root), store, worktree: store.facts.worktree(root).id }
    expect(await implement(replies, { ...place, effort: 'high', checks, checkTimeoutMs: 60_000 })).toMatchObject({
      stop: 'checks-failed',
      reason: expect.stringMatching(/^git could not put the files back/),
      created: ['b.ts'],
      usage: { calls: 2 },
    })
  },
)

test.skipIf(isWindows).each(['low', 'high'] as const)(
  'what a check left where git ignored it is no part of the result once the model changes the rules (%s effort)',
  async (effort) => {
    const root = scratchRepo({
      'a.ts': 'const a = 1\n',
      'package.json': '{}\n',
      '.gitignore': 'build/*\nnode_modules\n',
    })
    mkdirSync(join(root, 'node_modules'))
    const edit = '@@ replace .gitignore\n<<<<<<< find\nbuild/*\nnode_modules\n======= replace\ndist/\n>>>>>>> end\n'
    const create = '@@ create b.ts\n<<<<<<< text\nexport const b = 1\n>>>>>>> end\n'
    const call = (name: string, input: object) => ({
      toolCalls: [{ id: name, name, arguments: JSON.stringify(input) }],
    })
    const replies =
      effort === 'low'
        ? ['open .gitignore', `${create}${edit}`]
        : [
            call('look', { lines: 'open .gitignore' }),
            call('edit', { edits: create }),
            call('check', {}),
            call('edit', { edits: edit }),
            call('done', { note: '' }),
          ]
    const checks = [
      'mkdir -p build/deep/.git; echo "!x" >build/.gitignore; echo evil >build/x; echo evil >build/deep/y; ln -sfn /etc build/etc',
    ]
    const store = openStore(':memory:')
    const place = { repo: await openRepo(root), store, worktree: store.facts.worktree(root).id }
    const options = { ...place, effort, checks, checkTimeoutMs: 60_000, permits: 'change .gitignore' }
    expect(await implement(replies, options)).toMatchObject({
      stop: 'done',
      created: ['b.ts'],
      modified: ['.gitignore'],
    })
  },
)
