import fastStringWidth from 'fast-string-width'
import type { Usage } from '../src/types.ts'

/** 1234567 -> '1,234,567', in every locale. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',') // toLocaleString takes 11 ms to start
}

/** 'n file' or 'n files'. */
export function plural(value: number, noun: string): string {
  const many = /(s|x|ch|sh)$/.test(noun)
    ? `${noun}es`
    : /[^aeiou]y$/.test(noun)
      ? `${noun.slice(0, -1)}ies`
      : `${noun}s`
  return `${count(value)} ${value === 1 ? noun : many}`
}

/** '4 calls', or '4 calls (1 failed)'. */
export function callsMade(calls: number, failed: number): string {
  return `${plural(calls, 'call')}${failed > 0 ? ` (${count(failed)} failed)` : ''}`
}

/** An amount of money, or that it is unknown. */
export function usd(value: number | null): string {
  return value === null ? 'price unknown' : `US$${value < 1 ? value.toFixed(4) : value.toFixed(2)}`
}

/** Cost of calls: 'tokens: 3,412 in 1 call (input 3,300, of it cached 0; output 112), US$0.0012'. */
export function spent({ calls, inputTokens, cachedTokens, outputTokens, usd: cost }: Usage): string {
  const parts = `input ${count(inputTokens)}, of it cached ${count(cachedTokens)}; output ${count(outputTokens)}`
  return `tokens: ${count(inputTokens + outputTokens)} in ${plural(calls, 'call')} (${parts}), ${usd(cost)}`
}

/** Milliseconds since 1970 -> '2026-11-25 01:30', local time. */
export function when(ms: number): string {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 16).replace('T', ' ')
}

/** A duration in words: '0.4 s', '12 s', '3 min'. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`
}

const LEAST_ROOM = 20 // characters

/** The columns that a text takes on a terminal: a Chinese character or an emoji takes two. */
function columns(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : fastStringWidth(text)
}

/**
 * Rows as columns: numbers aligned right, words left, two spaces between. The first row is the head. width: a wider last column is
 * broken between words, if there is room for some.
 */
export function table(rows: readonly (readonly string[])[], width = Number.POSITIVE_INFINITY): string {
  const widths = rows[0]!.map((_, column) => rows.reduce((most, row) => Math.max(most, columns(row[column]!)), 0))
  const isNumber = rows[0]!.map((_, column) =>
    rows.slice(1).every((row) => /^[\d,.%$US -]*$|^price unknown$/.test(row[column]!)),
  )
  const last = widths.length - 1
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 0)
  const room = width - before
  const below = `\n${' '.repeat(before)}`
  return rows
    .map((row) =>
      row
        .map((cell, i) => {
          if (isNumber[i]) return cell.padStart(widths[i]!)
          return i === last && room >= LEAST_ROOM
            ? broken('', cell, room, '').replaceAll('\n', below)
            : cell + ' '.repeat(widths[i]! - columns(cell))
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const LEAD = /^(\s*(?:[A-Za-z][\w ]{0,11}:\s+|- )?)(.*)$/s
const GAP = /(?<! ) {2,}(?=\S)/ // without the lookbehind, a row of blanks would take quadratic time
const HANG = '    '

/**
 * Breaks lines between words so that none is wider than `width` (Infinity: no limit). Continued lines are indented like the text: like
 * the line, after its bullet, after a word such as 'note:', or after the first column. Tables, code between lines of backticks, wider
 * words, and lines for which `isWhole` is true stay whole.
 */
export function wrap(text: string, width: number, isWhole: (line: string) => boolean = () => false): string {
  if (!Number.isFinite(width)) return text
  let isCode = false
  const lines = text.split('\n')
  return lines
    .map((line, i) => {
      if (/^\s*```/.test(line)) isCode = !isCode
      return isCode || line.length <= width || isRow(i, lines) || isWhole(line) ? line : wrapLine(line, width)
    })
    .join('\n')
}

/** A table row has five or more columns, and a neighbour that has, too. */
function isRow(i: number, lines: readonly string[]): boolean {
  const [one, ...beside] = [lines[i], lines[i - 1], lines[i + 1]].map((line) => line?.trim().split(/ {2,}/).length ?? 0)
  return one! >= 5 && beside.some((columns) => columns >= 5)
}

function wrapLine(line: string, width: number): string {
  const [, lead, rest] = LEAD.exec(line) as unknown as [string, string, string]
  const gap = GAP.exec(rest)
  const column = gap ? lead.length + gap.index + gap[0].length : lead.length
  if (column <= width / 2) return broken(line.slice(0, column), line.slice(column), width, ' '.repeat(column))
  const below = lead.length <= width / 2 ? ' '.repeat(lead.length) : '' // a reply may begin a line with a million blanks
  return broken(lead, rest, width, `${below}${HANG}`)
}

/** lead: precedes the first line, unchanged; below: precedes the others. */
function broken(lead: string, text: string, width: number, below: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    const before = lines.length === 1 ? lead : below
    if (line !== '' && before.length + line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.map((line, i) => `${i === 0 ? lead : below}${line}`.trimEnd()).join('\n')
}
