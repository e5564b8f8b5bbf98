import { expect, test } from 'vitest'
import { readRequest } from '../../src/request/read-request.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import { pastSubjectHits } from '../../src/retrieve/signals/past-subjects.ts'
import { handMadeStore } from '../helpers/hand-made-store.ts'
import { whyOf } from '../helpers/hits.ts'

test.each([
  ['[PR #11352/6deeceaf backport][3.12] Fix the case', 'changed by "Fix the case"'],
  [' tpl: Add a case', 'changed by "tpl: Add a case"'],
  ['[case]', 'changed by "[case]"'],
  [`case ${'x'.repeat(70)}`, `changed by "case ${'x'.repeat(54)}…"`],
])('evidence of a commit: %s', (subject, said) => {
  const { store, worktree } = handMadeStore({}, [{ subject, paths: ['a.ts'] }])
  expect(whyOf(pastSubjectHits(askOf(store, worktree, readRequest('case'))))).toEqual({ 'a.ts': said })
  store.close()
})
