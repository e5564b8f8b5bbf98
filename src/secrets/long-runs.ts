export const LEAST_RUN = 24 // characters; nothing can be concluded from text under 18 bytes
const VALUES = new Uint8Array(128) // 1 + value of a base64 character, in either alphabet; 0 for others
for (const [value, sign] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  VALUES[sign.charCodeAt(0)] = value + 1
VALUES['-'.charCodeAt(0)] = VALUES['+'.charCodeAt(0)]!
VALUES['_'.charCodeAt(0)] = VALUES['/'.charCodeAt(0)]!

export interface Run {
  readonly from: number
  readonly to: number
}

/** Runs of at least 24 base64 characters. Tests every 24th character, and the characters around one that may be in a run. */
export function* longRuns(text: string): Generator<Run> {
  for (let at = LEAST_RUN - 1; at < text.length; at += LEAST_RUN) {
    if (valueAt(text, at) === 0) continue
    let from = at
    while (from > 0 && valueAt(text, from - 1) > 0) from--
    let to = at + 1
    while (to < text.length && valueAt(text, to) > 0) to++
    if (to - from >= LEAST_RUN) yield { from, to }
    at = to
  }
}

function valueAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? VALUES[code]! : 0
}

/** True if the first twelve decoded bytes of a run may be ASCII: their highest bits are 0. */
export function mayBeText(text: string, { from }: Run): boolean {
  for (let at = from; at < from + 16; at += 4) {
    const [first, second, third] = [valueAt(text, at) - 1, valueAt(text, at + 1) - 1, valueAt(text, at + 2) - 1]
    if (first >= 32 || second & 8 || third & 2) return false
  }
  return true
}

/** The text that base64 encodes; null if it encodes no text. */
export function textOfBase64(run: string): string | null {
  const text = Buffer.from(run, 'base64').toString('latin1')
  return /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : null
}
