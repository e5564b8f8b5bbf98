import { bold, green, type Paint, red, yellow } from './style.ts'

const GOOD = /^(ok|done|passed|running|applied|adopted|committed)$/
const BAD = /^(NO|failed|model-failed|checks-failed|killed|out-of-turns|nothing-changed)$/
const SOSO = /^(--|skipped|interrupted|out-of-budget|out-of-time|clash)$/

/** The state or end of something, in one word. */
export const paintState: Paint = (word) => {
  if (GOOD.test(word)) return green(word)
  if (BAD.test(word)) return red(word)
  return SOSO.test(word) ? yellow(word) : word
}

/** A table: its head, and states in a column of their own. */
export const paintTable: Paint = (text) => {
  const [head, ...rows] = text.split('\n')
  return [bold(head!), ...rows.map(paintRow)].join('\n')
}

/** A row of a table. */
export const paintRow: Paint = (row) => row.replace(/(?<=^|\s\s)\S+(?=\s\s|$)/g, paintState)
