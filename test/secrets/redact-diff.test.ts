import { expect, test } from 'vitest'
import { redactDiff } from '../../src/secrets/redact-diff.ts'
import { makeUp } from './make-up.ts'

const PASSWORD = makeUp('{pw:8}7q')
const HEAD = '--- a/x.yaml\n+++ b/x.yaml\n@@ -1,2 +1,2 @@\n'

test('a password is left out of a diff also where the other side alone tells that it is one', async () => {
  const diffs = [
    `${HEAD}-password: ${PASSWORD}\n+word: ${PASSWORD}\n last: 1\n`,
    `${HEAD}-word: ${PASSWORD}\n+password: ${PASSWORD}\n last: 1\n`,
    `${HEAD}-password:\n+word:\n   ${PASSWORD}\n last: 1\n`,
  ]
  for (const diff of diffs) {
    const shown = await redactDiff(diff)
    expect(shown).not.toContain(PASSWORD)
    expect(shown).toContain('left out]')
    expect(shown.split('\n')).toHaveLength(diff.split('\n').length)
  }
})

test('a diff without secrets stays as it is', async () => {
  const diff = `${HEAD}-a: 1\n+a: 2\n last: 1\n`
  expect(await redactDiff(diff)).toBe(diff)
})

test('nor is a password shown whose name stands outside of the diff', async () => {
  const text = `{\n  "password":\n    "${PASSWORD}",\n  "a": 1,\n  "b": 2\n}\n`
  const diff = `--- a/x.json\n+++ b/x.json\n@@ -3,3 +3,3 @@\n     "${PASSWORD}",\n-  "a": 0,\n+  "a": 1,\n   "b": 2\n`
  expect(await redactDiff(diff, [{ path: 'x.json', text }])).not.toContain(PASSWORD)
})

test('a diff with very many secrets is not shown', async () => {
  const lines = Array.from({ length: 600 }, (_, i) => `+a${i}: a://u:${makeUp('{pw:8}7q', String(i))}@h\n`).join('')
  expect(await redactDiff(`${HEAD}${lines}`)).toBe('(the diff has very many secrets, and is not shown)')
})
