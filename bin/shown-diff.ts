/**
 * A diff in the form in which the user is asked to confirm it: long rows of blanks are shown by their length, since they could push the rest
 * of a line off the screen. In a long line, shorter rows count: many of them with a dot between do the same.
 */
export function shownDiff(diff: string): string {
  return diff
    .split('\n')
    .map((line) =>
      line.replace(ROW, (row) => ([...row].length >= (line.length > LONG ? SHORT : LONG_ROW) ? shownRow(row) : row)),
    )
    .join('\n')
}

function shownRow(row: string): string {
  return `\\u{${row.codePointAt(0)!.toString(16)}}{${[...row].length} times}`
}

const LONG = 400
// also characters without ink that are no blanks: of music, of Khitan, of hieroglyphs, of Arabic
const ROW = /[\t\p{Zs}\p{Cf}\p{Mn}\u2800\ufff0-\ufff8\u{1d159}]+/gu
const LONG_ROW = 60 // characters
const SHORT = 8
