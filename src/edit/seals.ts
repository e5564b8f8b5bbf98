import { cutOut, markOf, type Secret } from '../secrets/secret.ts'

const DIGITS = 16
const MOST = 2 ** DIGITS // secrets of a file
const PRIVATE = /[\uE000-\uF8FF]/g // the private use area: these characters have no meaning of their own

/**
 * The secrets of a file in memory. In its text each of them, however long, is one sign of seventeen characters that occur neither in the
 * file nor in an edit. So an edit can delete a secret with the text around it, but it cannot find it, split it or copy it, and what it is
 * answered does not depend on the secret.
 */
export class Seals {
  /** Of a text without secrets. */
  static readonly none = new Seals(null, [])

  readonly #sign: RegExp | null
  readonly #secrets: ReadonlyMap<string, SealedSecret>
  /** Of the text that was asked for last, the number of each line in the opened one. */
  #lines: { readonly text: string; readonly opened: readonly number[] } | null = null

  private constructor(sign: RegExp | null, secrets: readonly (readonly [sign: string, secret: SealedSecret])[]) {
    this.#sign = sign
    this.#secrets = new Map(secrets)
  }

  /**
   * Replaces the secrets of a text by signs. secrets: sorted, without overlaps. edits: texts whose characters no sign may have. null: too
   * few characters are free, or too many secrets.
   */
  static of(
    text: string,
    secrets: readonly Secret[],
    edits: readonly string[],
  ): { readonly text: string; readonly seals: Seals } | null {
    if (secrets.length === 0) return { text, seals: Seals.none }
    const [start, zero, one] = freeCharacters([text, ...edits])
    if (one === undefined || secrets.length > MOST) return null
    const signs: (readonly [string, SealedSecret])[] = []
    const tight = secrets.map((secret) => withoutBlanks(secret, text)).filter(({ from, to }) => from < to)
    const sealed = cutOut(text, tight, (value) => {
      const { kind, isExact } = tight[signs.length]!
      const number = signs.length.toString(2).padStart(DIGITS, '0')
      const sign = `${start}${number.replaceAll('0', zero!).replaceAll('1', one)}`
      signs.push([sign, { kind, isExact, value }])
      return sign
    })
    return { text: sealed, seals: new Seals(new RegExp(`${start}[${zero}${one}]{${DIGITS}}`, 'g'), signs) }
  }

  /** The text with its secrets. */
  opened(text: string): string {
    return this.#replaced(text, ({ value }) => value)
  }

  /** The text with marks for its secrets, each on one line: it has as many lines as the sealed one. */
  shown(text: string): string {
    return this.#replaced(text, ({ kind }) => markOf(kind))
  }

  /** Places of the secrets in the opened text. */
  secretsIn(text: string): readonly Secret[] {
    if (this.#sign === null) return []
    let grown = 0
    return [...text.matchAll(this.#sign)].flatMap(({ index, 0: sign }): Secret[] => {
      const secret = this.#secrets.get(sign)
      if (!secret) return []
      const { kind, isExact, value } = secret
      const from = index + grown
      grown += value.length - sign.length
      return [{ kind, isExact, from, to: from + value.length }]
    })
  }

  /** Number of a line of the sealed text in the opened one, which has all lines of each secret. */
  openedLine(text: string, line: number): number {
    if (this.#sign === null) return line
    if (this.#lines?.text !== text) {
      let more = 0
      const opened = text.split('\n').map((one, at) => {
        const number = at + 1 + more
        more += this.opened(one).split('\n').length - 1
        return number
      })
      this.#lines = { text, opened }
    }
    return this.#lines.opened[line - 1] ?? line
  }

  #replaced(text: string, write: (secret: SealedSecret) => string): string {
    if (this.#sign === null) return text
    return text.replace(this.#sign, (sign) => {
      const secret = this.#secrets.get(sign)
      return secret ? write(secret) : sign
    })
  }
}

interface SealedSecret extends Pick<Secret, 'kind' | 'isExact'> {
  readonly value: string
}

/** Three characters that none of the texts has; fewer if there are not so many. */
function freeCharacters(texts: readonly string[]): readonly string[] {
  const used = new Set(texts.flatMap((text) => [...new Set(text.match(PRIVATE))]))
  const free: string[] = []
  for (let code = 0xe000; code <= 0xf8ff && free.length < 3; code++) {
    const one = String.fromCharCode(code)
    if (!used.has(one)) free.push(one)
  }
  return free
}

/** A line break at the end of a secret belongs to the lines around it. */
function withoutBlanks(secret: Secret, text: string): Secret {
  const value = text.slice(secret.from, secret.to)
  const from = secret.from + value.length - value.trimStart().length
  return { ...secret, from, to: Math.max(from, secret.from + value.trimEnd().length) }
}
