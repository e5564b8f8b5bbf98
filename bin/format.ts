import type { Usage } from '../src/types.ts'

/** 1234567 -> '1,234,567', in every locale alike. */
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

/** Money, or that its amount is not known. */
export function usd(value: number | null): string {
  return value === null ? 'price unknown' : `US$${value < 1 ? value.toFixed(4) : value.toFixed(2)}`
}

/** What calls took: 'tokens: 3,412 in 1 call (input 3,300, of it cached 0; output 112), US$0.0012'. */
export function spent({ calls, inputTokens, cachedTokens, outputTokens, usd: cost }: Usage): string {
  const parts = `input ${count(inputTokens)}, of it cached ${count(cachedTokens)}; output ${count(outputTokens)}`
  return `tokens: ${count(inputTokens + outputTokens)} in ${plural(calls, 'call')} (${parts}), ${usd(cost)}`
}

/** Milliseconds since 1970 -> '2026-11-25 01:30', local time. */
export function when(ms: number): string {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 16).replace('T', ' ')
}

/** Duration in words: '0.4 s', '12 s', '3 min'. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`
}

/** Rows as columns: numbers to the right, words to the left, two spaces between. The first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0))
  const isNumber = rows[0]!.map((_, column) =>
    rows.slice(1).every((row) => /^[\d,.%$US -]*$|^price unknown$/.test(row[column]!)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/**
 * Breaks prose between words so that no line is wider than `width`, with the indent of the line that is broken. Rows of a table, which have
 * two spaces between words, and words that are wider stay whole.
 */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const indent = line.length - line.trimStart().length
      const room = Math.max(1, width - indent)
      const isRow = line.trimStart().includes('  ')
      const tooLong = new RegExp(`(?!.{1,${room}}$)(.{1,${room}}) `, 'g')
      return isRow ? line : ' '.repeat(indent) + line.trimStart().replace(tooLong, `$1\n${' '.repeat(indent)}`)
    })
    .join('\n')
}
