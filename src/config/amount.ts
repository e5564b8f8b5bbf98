/** The notations of a number: 30000, 30_000, 1.5, .5, 1e6, 30k, 1.5M, 2G. */
export const AMOUNT = /^(?:\d+(?:_\d+)*(?:\.\d+)?|\.\d+)(?:e\d+)?[kKmMgG]?$/

const ZEROS: Readonly<Record<string, number>> = { k: 3, m: 6, g: 9 }

/** Parses a number as people write it; null: not a number. '1.1k' is exactly 1100. Infinity if it is too large for a double. */
export function parseAmount(text: string): number | null {
  const written = text.trim()
  if (!AMOUNT.test(written)) return null
  const [digits, exponent = 0] = written.replace(/_|[kmg]$/gi, '').split('e')
  return Number(`${digits}e${Number(exponent) + (ZEROS[written.at(-1)!.toLowerCase()] ?? 0)}`)
}
