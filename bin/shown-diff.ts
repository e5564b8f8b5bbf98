/**
 * A diff in the form in which the user is asked to confirm it: long rows of blanks are shown by their length, since they could push the rest
 * of a line off the screen. In a long line, shorter rows count: many of them with a dot between do the same.
 */
export function shownDiff(diff: string): string {
  return diff
    .split('\n')
    .map((line) => {
      const most = line.length > LONG_LINE ? IN_LONG_LINE : IN_SHORT_LINE
      return line.replace(ROW, (row) => (row.length >= most && [...row].length >= most ? shownRow(row) : row))
    })
    .join('\n')
}

function shownRow(row: string): string {
  return `\\u{${row.codePointAt(0)!.toString(16)}}{${[...row].length} times}`
}

const LONG_LINE = 400 // characters, as the next two
const IN_LONG_LINE = 8
const IN_SHORT_LINE = 60
// also characters without ink that are no blanks: of music, of Khitan, of hieroglyphs, of Arabic
const ROW = /[\t\p{Zs}\p{Cf}\p{Mn}\u2800\ufff0-\ufff8\u{1d159}]+/gu
