import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { redactSecrets, secretsIn } from './find-secrets.ts'
import { cutOutByLine, kindsOf, markOf, type Secret, withArticles } from './secret.ts'

/** Keeps the secrets of files out of what a model sees, for one run. */
export interface SecretKeeper {
  /** A file's text with each secret replaced by what it is, line by line: every line stays where it is. Each text is looked through once. */
  mask(path: RepoPath, text: string): Promise<string>
  /** Any text without secrets: those that tell themselves, and lines of those that were masked. */
  redact(text: string): Promise<string>
  /** What stands in the text in place of a secret that was masked: '[private key left out]'; null: nothing. */
  markIn(text: string): string | null
  /** What kinds of secret were masked, by file. */
  readonly masked: ReadonlyMap<RepoPath, readonly string[]>
}

const TELLING = 12 // characters; a shorter part of a secret may stand elsewhere by chance

export function secretKeeper(): SecretKeeper {
  const last = new Map<RepoPath, { readonly text: string; readonly result: string }>()
  const masked = new Map<RepoPath, readonly string[]>()
  const known = new Map<string, string>() // parts of secrets, and their marks
  const withoutKnown = (text: string) => [...known].reduce((rest, [part, mark]) => rest.replaceAll(part, mark), text)
  return {
    masked,
    async mask(path, text) {
      const before = last.get(path)
      if (before?.text === text) return before.result
      const secrets = await secretsIn(text, path)
      if (secrets.length > 0) masked.set(path, [...new Set([...(masked.get(path) ?? []), ...kindsOf(secrets)])])
      for (const secret of secrets) for (const part of partsOf(secret, text)) known.set(part, markOf(secret.kind))
      const result = withoutKnown(cutOutByLine(text, secrets))
      last.set(path, { text, result })
      return result
    },
    redact: (text) => redactSecrets(withoutKnown(text)),
    markIn: (text) =>
      [...masked.values()]
        .flat()
        .map(markOf)
        .find((mark) => text.includes(mark)) ?? null,
  }
}

/** Lines of a secret, also where it is one string; of a private key not those that stand around every one. */
function partsOf({ from, to, isExact }: Secret, text: string): readonly string[] {
  const lines = isExact ? text.slice(from, to).split(/\s+|\\[nr]|["'`]+/) : []
  return lines.filter(({ length }) => length >= TELLING)
}

/** A line for the user: 'src/keys.py: a private key was left out of what the model saw'. */
export function sayMasked(path: RepoPath, kinds: readonly string[]): string {
  return `${shownPath(path)}: ${withArticles(kinds)} ${kinds.length > 1 ? 'were' : 'was'} left out of what the model saw`
}
