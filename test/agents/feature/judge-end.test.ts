import { expect, test } from 'vitest'
import { judgeEnd } from '../../../agents/feature/judge-end.ts'
import type { StagedResult } from '../../../agents/feature/staged/state.ts'
import type { ProtectedVerdict } from '../../../src/edit/permission.ts'

const DONE: StagedResult = { stop: 'done', checks: [], looked: [], opened: [], notes: [] }
const NONE = { changed: [], refused: [] }
const verdict = (path: string, allowedBy: ProtectedVerdict['allowedBy']): ProtectedVerdict => ({
  ...{ path, why: 'npm obeys it', allowedBy },
})

test('a run that changed what it may is done', () => {
  const named = { changed: [verdict('.npmrc', 'request')], refused: [] }
  expect(judgeEnd(DONE, ['a.ts', '.npmrc'], named)).toEqual(DONE)
})

test('a finished run that changed nothing says so, and names what is protected', () => {
  expect(judgeEnd(DONE, [], NONE)).toMatchObject({
    stop: 'nothing-changed',
    reason: 'the agent changed nothing',
    fix: 'say more exactly what is to change; the transcript shows why nothing was changed',
  })
  expect(judgeEnd(DONE, [], { changed: [], refused: [verdict('.npmrc', null)] })).toMatchObject({
    stop: 'nothing-changed',
    reason: 'the agent changed nothing, since what it meant to change is protected',
    fix: 'if that is wanted, name it in the request, or allow it: --allow .npmrc',
  })
})

test('a protected path that changed without permission fails the run', () => {
  const guarded = { changed: [verdict('.npmrc', null), verdict('AGENTS.md', 'user')], refused: [] }
  expect(judgeEnd(DONE, ['.npmrc', 'AGENTS.md'], guarded)).toMatchObject({
    stop: 'checks-failed',
    reason: 'changed without permission: .npmrc (protected)',
    fix: 'if that is wanted, name it in the request, or allow it: --allow .npmrc',
  })
})

test('a run that did not finish keeps its own reason', () => {
  const failed: StagedResult = { ...DONE, stop: 'model-failed', reason: 'no such model' }
  expect(judgeEnd(failed, [], NONE)).toEqual(failed)
  expect(judgeEnd(failed, ['.npmrc'], { changed: [verdict('.npmrc', null)], refused: [] })).toEqual(failed)
})
