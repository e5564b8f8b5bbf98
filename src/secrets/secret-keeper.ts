import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { redactSecrets, secretsIn } from './find-secrets.ts'
import { cutOutByLine, kindsOf, markOf, type Secret, withArticles, withoutOverlaps } from './secret.ts'
import { MANY, valueFinder, wholeText } from './value-finder.ts'

/** Hides the secrets in files from the model during one run. */
export interface SecretKeeper {
  /** A file's text with each secret replaced by its kind, line by line, so that no line moves. Each text is scanned once. */
  mask(path: RepoPath, text: string): Promise<string>
  /** Removes secrets from any text: those recognised by their form, and lines of masked ones. */
  redact(text: string): Promise<string>
  /** Places of secrets in what a program printed: also short ones of edited files, which no rule may find there any more. */
  secretsInOutput(text: string): Promise<readonly Secret[]>
  /** The replacement of a masked secret in the text: '[private key left out]'; null: none. */
  markIn(text: string): string | null
  /**
   * Places in a file's text that mask() hides: sorted, without overlaps. In a text that edits have made, only the secrets that were there
   * before: the model has written the others itself.
   */
  secretsIn(path: RepoPath, text: string): Promise<readonly Secret[]>
  /** Notes where the secrets are in a text that edits have made: there they stay hidden, whatever now stands around them. */
  keep(path: RepoPath, text: string, secrets: readonly Secret[]): void
  /** Kinds of masked secrets, by file. */
  readonly masked: ReadonlyMap<RepoPath, readonly string[]>
}

// Above these, a text with secrets counts as one. A part is a line of a secret: a private key has many.
const MOST_IN_TEXT = 1000 // secrets, and parts
const MOST_KNOWN = 10_000 // parts

const TELLING = 12 // characters; a shorter part of a secret may occur elsewhere by chance
const SHORT = 6 // characters of the shortest password that a rule finds

interface Kept {
  readonly text: string
  readonly secrets: readonly Secret[]
}

export function secretKeeper(): SecretKeeper {
  const last = new Map<RepoPath, Kept & { readonly result: string | null }>()
  const masked = new Map<RepoPath, readonly string[]>()
  const kept = new Map<RepoPath, Kept>()
  const known = valueFinder(TELLING) // parts of secrets
  const keptValues = valueFinder(SHORT) // secrets of edited files
  const learn = (secrets: readonly Secret[], text: string) => {
    for (const secret of secrets) for (const part of partsOf(secret, text)) known.add(part, secret.kind)
  }
  /** The secrets, or the whole text for very many. */
  const bounded = (secrets: readonly Secret[], text: string) => {
    const parts = secrets.flatMap((secret) => partsOf(secret, text))
    const fresh = parts.filter((part) => !known.has(part)).length
    const isMuch = Math.max(secrets.length, parts.length) > MOST_IN_TEXT
    return isMuch || (fresh > 0 && known.size + fresh > MOST_KNOWN) ? [wholeText(text)] : secrets
  }
  const withoutParts = (text: string) => cutOutByLine(text, withoutOverlaps(known.placesIn(text)))
  const byRules = async (path: RepoPath, text: string) => {
    const before = last.get(path)
    if (before?.text === text) return before
    return { text, secrets: bounded(await secretsIn(text, path), text), result: null }
  }
  /** The text as an edit has left it, under any path. */
  const keptAs = (text: string) => [...kept.values()].find((one) => one.text === text)
  return {
    masked,
    async mask(path, whole) {
      const { marks, text } = apart(whole)
      const found = await byRules(path, text)
      if (found.result !== null) return marks + found.result
      const secrets = withoutOverlaps([...(keptAs(text)?.secrets ?? keptValues.placesIn(text)), ...found.secrets])
      if (secrets.length > 0) masked.set(path, [...new Set([...(masked.get(path) ?? []), ...kindsOf(secrets)])])
      learn(secrets, text)
      const result = withoutParts(cutOutByLine(text, secrets))
      last.set(path, { ...found, result })
      return marks + result
    },
    redact: (text) => redactSecrets(withoutParts(text)),
    async secretsInOutput(text) {
      const found = await secretsIn(text, 'text')
      return withoutOverlaps([...found, ...known.placesIn(text), ...keptValues.placesIn(text)])
    },
    markIn: (text) =>
      [...masked.values()]
        .flat()
        .map(markOf)
        .find((mark) => text.includes(mark)) ?? null,
    async secretsIn(path, whole) {
      const { marks, text } = apart(whole)
      const found = keptAs(text)?.secrets ?? [
        ...keptValues.placesIn(text),
        ...(await byRules(path, text)).secrets,
        ...known.placesIn(text),
      ]
      return moved(withoutOverlaps(found), marks.length)
    },
    keep(path, whole, places) {
      const { marks, text } = apart(whole)
      const found = moved(places, -marks.length)
      const secrets = keptValues.size > MOST_KNOWN ? [wholeText(text)] : bounded(found, text)
      kept.set(path, { text, secrets })
      last.delete(path)
      learn(secrets, text)
      for (const { kind, from, to } of secrets) if (kind !== MANY) keptValues.add(text.slice(from, to), kind)
    },
  }
}

/** Byte order marks are no part of a text: some readers leave them out, and an edit can add one. */
function apart(whole: string): { readonly marks: string; readonly text: string } {
  const text = whole.replace(/^\uFEFF+/, '')
  return { marks: whole.slice(0, whole.length - text.length), text }
}

function moved(secrets: readonly Secret[], by: number): readonly Secret[] {
  return by === 0 ? secrets : secrets.map((one) => ({ ...one, from: one.from + by, to: one.to + by }))
}

/** Lines of a secret, also if it is one string, without the first and last lines that all private keys share. */
function partsOf({ from, to, isExact }: Secret, text: string): readonly string[] {
  const lines = isExact ? text.slice(from, to).split(/\s+|\\[nr]|["'`]+/) : []
  return lines.filter(({ length }) => length >= TELLING)
}

/** A line for the user: 'src/keys.py: a private key was left out of what the model saw'. */
export function sayMasked(path: RepoPath, kinds: readonly string[]): string {
  return `${shownPath(path)}: ${withArticles(kinds)} ${kinds.length > 1 ? 'were' : 'was'} left out of what the model saw`
}
