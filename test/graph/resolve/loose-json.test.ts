import { expect, test } from 'vitest'
import { parseLooseJson } from '../../../src/graph/resolve/loose-json.ts'

test('comments and trailing commas go, what looks like them within strings stays', () => {
  const text = '\uFEFF// first\n{ "a//b": "/* x */", /* c */ "d": [1, 2,], "e": "\\",}", "f": { "g": null, }, } // last'
  expect(parseLooseJson(text)).toEqual({ 'a//b': '/* x */', d: [1, 2], e: '",}', f: { g: null } })
})

test('what is not an object, or not JSON, is null', () => {
  for (const text of [null, '', '[]', '3', '"x"', 'null', '{"a": 1', '{a: 1}', '{"a": "', '{ /*', '{"a": "\\']) {
    expect(parseLooseJson(text)).toBeNull()
  }
})

test('a megabyte of anything takes well under a second', () => {
  const texts = [
    `{"a": "${'x'.repeat(1e6)}"}`,
    `{"a": "${'\\"'.repeat(5e5)}`,
    `{${'/*'.repeat(5e5)}`,
    `{"a": [${','.repeat(1e6)}`,
    `{"a": 1,${' '.repeat(1e6)}x`,
    '['.repeat(1e6),
    `{"a"${'//'.repeat(5e5)}`,
  ]
  for (const text of texts) {
    const started = performance.now()
    parseLooseJson(text)
    expect(performance.now() - started).toBeLessThan(1000)
  }
})
