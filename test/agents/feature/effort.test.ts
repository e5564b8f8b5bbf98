import { expect, test } from 'vitest'
import { chooseEffort, type Effort, runEffort } from '../../../agents/feature/effort.ts'
import type { StagedResult } from '../../../agents/feature/staged/state.ts'
import type { CheckResult } from '../../../src/types.ts'

const end = (stop: StagedResult['stop'], more: Partial<StagedResult> = {}): StagedResult => ({
  ...{ stop, checks: [], looked: [], opened: [], notes: [] },
  ...more,
})
const check = (status: CheckResult['status'], more: Partial<CheckResult> = {}): CheckResult => ({
  ...{ check: 'npm test', status, output: '', ms: 1 },
  ...more,
})

async function run(wanted: Effort, first: StagedResult, then = end('done'), stepsLeft = 5) {
  const ran: string[] = []
  const result = await runEffort(wanted, chooseEffort(wanted, 0.5), {
    low: async () => {
      ran.push('low')
      return first
    },
    high: async (news) => {
      ran.push(`high: ${news}`)
      return then
    },
    stepsLeft: () => stepsLeft,
    note: (event) => ran.push(event),
  })
  return { ...result, ran }
}

test('auto begins low, unless the ranking cannot tell where the request belongs', () => {
  expect(chooseEffort('auto', 0.15)).toEqual({ effort: 'low', why: 'predictability 0.15' })
  expect(chooseEffort('auto', 0.14)).toEqual({
    effort: 'high',
    why: 'predictability 0.14: the history does not tell which files this changes',
  })
  expect(chooseEffort('low', 0)).toEqual({ effort: 'low', why: 'as asked for' })
  expect(chooseEffort('high', 1)).toEqual({ effort: 'high', why: 'as asked for' })
})

test('auto goes on with high effort where low effort did not finish, and tells it how that ended', async () => {
  const looked = (path: string) => [{ kind: 'open', path } as const]
  const first = end('out-of-turns', {
    ...{ reason: 'edits were refused', notes: ['a'], opened: ['a.ts'], looked: looked('a.ts') },
    checks: [check('passed')],
  })
  const then = end('done', { notes: ['b'], opened: ['b.ts'], looked: looked('b.ts') })
  expect(await run('auto', first, then)).toEqual({
    effort: 'high',
    why: 'low effort did not finish: edits were refused',
    outcome: end('done', {
      ...{ notes: ['a', 'b'], opened: ['a.ts', 'b.ts'], looked: [...looked('a.ts'), ...looked('b.ts')] },
      checks: [check('passed')],
    }),
    ran: [
      'low',
      'promoted',
      'high: A first attempt was made; its edits, if any, are in the files. It ended so: edits were refused.',
    ],
  })
})

test('checks that ran again replace those of the first attempt', async () => {
  const failed = end('checks-failed', { checks: [check('failed')] })
  const { effort, outcome } = await run('auto', failed, end('done', { checks: [check('passed')] }))
  expect(effort).toBe('high')
  expect(outcome.checks).toEqual([check('passed')])
})

test.each([
  ['it is done', end('done')],
  ['the budget is spent', end('out-of-budget')],
  ['the model fails', end('model-failed')],
  ['nothing is left of the limit of calls', end('out-of-turns'), 0],
  ['the check failed before any edit', end('checks-failed', { checks: [check('failed', { failedBefore: true })] })],
  ['the checks may not run', end('checks-failed', { checks: [check('refused')] })],
  ['the model insists on its syntax', end('checks-failed', { checks: [check('failed', { check: 'syntax' })] })],
] satisfies [string, StagedResult, number?][])('auto stays low where %s', async (_, first, left = 5) => {
  expect(await run('auto', first, end('done'), left)).toMatchObject({ effort: 'low', outcome: first, ran: ['low'] })
})

test('low effort that was asked for never becomes high, and high effort begins with nothing', async () => {
  expect((await run('low', end('out-of-turns'))).ran).toEqual(['low'])
  expect((await run('high', end('out-of-turns'))).ran).toEqual(['high: '])
})
