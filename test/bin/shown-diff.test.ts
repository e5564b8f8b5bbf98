import { expect, test } from 'vitest'
import { shownDiff } from '../../bin/shown-diff.ts'

test.each([' ', '\t', '\u3000', '\u2800'])(
  'a row of %j that pushes code off the screen is shown by its length',
  (blank) => {
    const code = blank.codePointAt(0)!.toString(16)
    expect(shownDiff(`+ok()${blank.repeat(5000)}; evil()`)).toBe(`+ok()\\u{${code}}{5000 times}; evil()`)
    expect(shownDiff(`+${blank.repeat(40)}ok()`)).toBe(`+${blank.repeat(40)}ok()`)
  },
)

test.each(['\u{1bca0}', '.', '\u{1d159}', '\u{16fe4}', '\u0301'])('so are rows with %j between them', (between) => {
  const shown = shownDiff(`+ok()${(' '.repeat(59) + between).repeat(80)}; evil()`)
  expect(shown.length).toBeLessThan(2500)
  expect(shown.endsWith('; evil()')).toBe(true)
  expect(shown).not.toContain(' '.repeat(8))
})
