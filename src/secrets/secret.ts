// Separates texts, or parts of a text, that are searched together. Patterns see the end of a line and the start of another. A match never spans
// two of them, since no pattern repeats a character class that accepts both NUL and line ends.
export const WALL = '\r\0\n\0\n'

/** A place in a text that contains a secret. */
export interface Secret {
  /** 'GitHub token'. */
  readonly kind: string
  readonly from: number
  readonly to: number
  /** False if the place is more than the secret: a whole line. */
  readonly isExact: boolean
}

/** Each kind once. */
export function kindsOf(secrets: readonly Secret[]): readonly string[] {
  return [...new Set(secrets.map(({ kind }) => kind))]
}

/** Sorted by start. Overlapping places are merged and keep the kind of the one listed first. */
export function withoutOverlaps(secrets: readonly Secret[]): readonly Secret[] {
  const order = new Map(secrets.map((secret, i) => [secret, i]))
  const apart: { secret: Secret; rank: number }[] = []
  for (const secret of [...secrets].sort((a, b) => a.from - b.from)) {
    const rank = order.get(secret)!
    const last = apart.at(-1)
    if (!last || secret.from >= last.secret.to) apart.push({ secret, rank })
    else {
      const first = rank < last.rank ? secret : last.secret
      last.secret = { ...first, from: last.secret.from, to: Math.max(last.secret.to, secret.to) }
      last.rank = Math.min(rank, last.rank)
    }
  }
  return apart.map(({ secret }) => secret)
}

/** Replaces each secret by the result of `write`, which gets the secret and the mark of its kind. secrets: sorted, without overlaps. */
export function cutOut(
  text: string,
  secrets: readonly Secret[],
  write: (secret: string, mark: string) => string = (_, mark) => mark,
): string {
  let end = 0
  let rest = ''
  for (const { kind, from, to } of secrets) {
    rest += text.slice(end, from) + write(text.slice(from, to), markOf(kind))
    end = to
  }
  return end === 0 ? text : rest + text.slice(end)
}

/** Puts a mark into each line of a secret, so that no line moves. secrets: as for cutOut. */
export function cutOutByLine(text: string, secrets: readonly Secret[]): string {
  return cutOut(text, secrets, (secret, mark) => secret.replace(/\S.*/g, mark))
}

/** The replacement of a secret. */
export function markOf(kind: string): string {
  return `[${kind} left out]`
}

/** 'a GitHub token and an npm access token'. */
export function withArticles(kinds: readonly string[]): string {
  return kinds.map((kind) => `${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind}`).join(' and ')
}
