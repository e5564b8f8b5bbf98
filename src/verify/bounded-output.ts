import { stripVTControlCharacters } from 'node:util'

export interface BoundedOutput {
  add(chunk: string): void
  /** What was kept, as a person would read it: no terminal codes, of lines drawn over again only the last state. */
  text(): string
}

/** Keeps the first and the last characters of a stream of any length; memory stays within a few times the two. */
export function boundedOutput(firstChars: number, lastChars: number): BoundedOutput {
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
    text() {
      trim(lastChars)
      if (dropped === 0) return clean(head + tail)
      return `${clean(head)}\n[... ${dropped.toLocaleString('en')} characters left out ...]\n${clean(tail)}`
    },
  }
}

function clean(raw: string): string {
  return stripVTControlCharacters(raw)
    .replace(/\x1b[^A-Za-z]*$/, '') // a code cut in two
    .replace(/\r+\n/g, '\n')
    .replace(/^.*\r(?=.)/gm, '')
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
    .replace(/\p{Surrogate}/gu, '')
    .trimEnd()
}
