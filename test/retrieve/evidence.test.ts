import { expect, test } from 'vitest'
import { changedBy } from '../../src/retrieve/signals/past-commits.ts'

test.each([
  ['[PR #11352/6deeceaf backport][3.12] Fix the case', 'changed by "Fix the case"'],
  [' tpl: Add a function', 'changed by "tpl: Add a function"'],
  ['[docs]', 'changed by "[docs]"'],
  ['x'.repeat(70), `changed by "${'x'.repeat(59)}…"`],
])('evidence of a commit: %s', (subject, said) => {
  expect(changedBy(subject)).toBe(said)
})
