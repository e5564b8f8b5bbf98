import { expect, test } from 'vitest'
import type { FeatureResult } from '../../../agents/feature/agent.ts'
import { bestOf } from '../../../agents/night/draft-item.ts'

const attempt = (commit: string, stop: string, modified: string[], diff = 'x') => ({
  commit,
  opened: [],
  result: { stop, modified, created: [], deleted: [], diff } as unknown as FeatureResult,
})

test('drafts are chosen by checks passed, then by agreement about the files, then by size', () => {
  const failed = attempt('failed', 'checks-failed', ['a', 'b'])
  const odd = attempt('odd', 'done', ['c'])
  const long = attempt('long', 'done', ['a', 'b'], 'xxx')
  const short = attempt('short', 'done', ['a', 'b'], 'xx')
  expect(bestOf([failed, odd, long, short]).commit).toBe('short')
  expect(bestOf([failed, odd]).commit).toBe('odd')
  expect(bestOf([failed]).commit).toBe('failed')
})
