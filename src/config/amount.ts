/** How a number may be written: 30000, 30_000, 1.5, .5, 1e6, 30k, 1.5M, 2G. */
export const AMOUNT = /^(?:\d+(?:_\d+)*(?:\.\d+)?|\.\d+)(?:e\d+)?[kKmMgG]?$/

const ZEROS: Readonly<Record<string, number>> = { k: 3, m: 6, g: 9 }

/** A number as people write it; null: it is none. '1.1k' is 1100 exactly. Infinity where it is larger than numbers go. */
export function parseAmount(text: string): number | null {
  const written = text.trim()
  if (!AMOUNT.test(written)) return null
  const [digits, exponent = 0] = written.replace(/_|[kmg]$/gi, '').split('e')
  return Number(`${digits}e${Number(exponent) + (ZEROS[written.at(-1)!.toLowerCase()] ?? 0)}`)
}
