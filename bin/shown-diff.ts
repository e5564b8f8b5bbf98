/**
 * A diff in the form in which the user is asked to confirm it: long rows of blanks are shown by their length, since they could push the rest
 * of a line off the screen.
 */
export function shownDiff(diff: string): string {
  return diff.replace(ROW, (row) => `\\u{${row.codePointAt(0)!.toString(16)}}{${row.length} times}`)
}

const ROW = /[\t\p{Zs}\u2800]{60,}/gu
