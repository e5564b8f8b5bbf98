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
