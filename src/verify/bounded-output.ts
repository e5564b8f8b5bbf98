import { stripVTControlCharacters } from 'node:util'

export interface BoundedOutput {
  add(chunk: string): void
  /** The kept output in readable form: without terminal codes and secrets, and with only the last state of redrawn lines. */
  text(): Promise<string>
}

/** More is kept than shown, so that a secret is still whole when it is searched for. Longer than the longest private key. */
const MARGIN = 16_384

/**
 * Keeps the first and last characters of a stream of any length. Memory is bounded by a few times their size. redact: removes secrets from
 * a text.
 */
export function boundedOutput(
  firstShown: number,
  lastShown: number,
  redact: (text: string) => Promise<string>,
): BoundedOutput {
  const firstChars = firstShown + MARGIN
  const lastChars = lastShown + MARGIN
  let head = ''
  let tail = ''
  let dropped = 0
  const trim = (most: number) => {
    if (tail.length <= most) return
    dropped += tail.length - lastChars
    tail = lastChars > 0 ? tail.slice(-lastChars) : ''
  }
  return {
    add(chunk) {
      const room = firstChars - head.length
      head += chunk.slice(0, room)
      tail += chunk.slice(room)
      trim(2 * lastChars + 1)
    },
    async text() {
      trim(lastChars)
      const parts = dropped === 0 ? [head + tail] : [head, tail]
      const [first = '', last = first] = await Promise.all(
        parts.map(async (part) => (part === '' ? '' : redact(clean(part)))),
      )
      if (dropped === 0 && first.length <= firstShown + lastShown) return first
      const left = head.length + dropped + tail.length - firstShown - lastShown
      const end = lastShown > 0 ? last.slice(-lastShown) : ''
      return `${first.slice(0, firstShown)}\n[... ${left.toLocaleString('en')} characters left out ...]\n${end}`
    },
  }
}

function clean(raw: string): string {
  return stripVTControlCharacters(raw)
    .replace(/\x1b[^A-Za-z]*$/, '') // an incomplete code
    .replace(/\r+\n/g, '\n')
    .replace(/^.*\r(?=.)/gm, '')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .replace(/\p{Surrogate}/gu, '')
    .trimEnd()
}
