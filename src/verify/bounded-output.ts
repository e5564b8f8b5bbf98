import { stripVTControlCharacters } from 'node:util'
import { cutOut, type Secret } from '../secrets/secret.ts'

export interface BoundedOutput {
  add(chunk: string): void
  /** The kept output in readable form: without terminal codes and secrets, and with only the last state of redrawn lines. */
  text(): Promise<string>
}

/** More is kept than shown, so that a secret is still whole when it is searched for. Longer than the longest private key. */
const MARGIN = 16_384

/** What stands next to the cut is not shown, since half a secret is not recognised. */
const GUARD = 4096

/**
 * Keeps the first and last characters of a stream of any length. Memory is bounded by a few times their size. find: the secrets in a text,
 * sorted, without overlaps.
 */
export function boundedOutput(
  firstShown: number,
  lastShown: number,
  find: (text: string) => Promise<readonly Secret[]>,
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
      const [first, last] = await Promise.all(
        parts.map(async (part) => {
          const text = clean(part)
          return { text, secrets: text === '' ? [] : await find(text) }
        }),
      )
      const { length } = first!.text
      const left = head.length + dropped + tail.length - firstShown - lastShown
      if (!last) {
        if (length <= firstShown + lastShown) return within(first!, 0, length)
        return `${within(first!, 0, firstShown)}${leftOut(left)}${within(first!, length - lastShown, length)}`
      }
      const start = within(first!, 0, Math.min(firstShown, length - GUARD))
      const end = within(last, Math.max(last.text.length - lastShown, GUARD), last.text.length)
      return `${start}${leftOut(left)}${end}`
    },
  }
}

const leftOut = (count: number) => `\n[... ${count.toLocaleString('en')} characters left out ...]\n`

/** The part of a text from one place to another, without the secrets in it. */
function within({ text, secrets }: { text: string; secrets: readonly Secret[] }, from: number, to: number): string {
  const inside = secrets.filter((one) => one.to > from && one.from < to)
  const moved = inside.map((one) => ({
    ...one,
    from: Math.max(one.from, from) - from,
    to: Math.min(one.to, to) - from,
  }))
  return to <= from ? '' : cutOut(text.slice(from, to), moved)
}

function clean(raw: string): string {
  return withoutOpenCode(stripVTControlCharacters(raw))
    .replace(/(?<!\r)\r+\n/g, '\n')
    .replace(/^.*\r(?=.)/gm, '')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .replace(/\p{Surrogate}/gu, '')
    .trimEnd()
}

/** Without an incomplete terminal code at the end: one whose last letter is missing. */
function withoutOpenCode(text: string): string {
  let end = text.length
  while (end > 0 && !/[A-Za-z]/.test(text[end - 1]!)) end--
  const code = text.indexOf('\x1b', end)
  return code < 0 ? text : text.slice(0, code)
}
