import { paintState } from './states.ts'
import { bold, dim, eachLine, green, red, yellow } from './style.ts'

/** Standard error: failures, notes, and reports of a run. */
export const paintRemarks = eachLine((line) => {
  if (line.startsWith('error:')) return line.replace(/^error:/, (word) => bold(red(word)))
  if (line.startsWith('fix:')) return line.replace(/^fix:/, bold)
  if (/^(note|warning):/.test(line)) return line.replace(/^[a-z ]+:/, yellow)
  if (/^done(?=,|$)/.test(line)) return line.replace(/^done/, (word) => bold(green(word)))
  if (line.startsWith('not done:')) return line.replace(/^not done: \S+?(?=,|$)/, (words) => bold(red(words)))
  if (line.startsWith('checks:')) return line.replace(/\b(passed|failed|skipped|interrupted)\b/g, paintState)
  if (/^ {2}[MAD] /.test(line)) return line.replace(/^ {2}([MAD])/, (_, kind: string) => `  ${COLOURS[kind]!(kind)}`)
  return /^(tokens|transcript):/.test(line) ? dim(line) : line
})

const COLOURS = { M: yellow, A: green, D: red } as Readonly<Record<string, typeof red>>
