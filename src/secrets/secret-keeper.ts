import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { redactSecrets, secretsIn } from './find-secrets.ts'
import { cutOutByLine, kindsOf, markOf, type Secret, withArticles } from './secret.ts'

/** Hides the secrets in files from the model during one run. */
export interface SecretKeeper {
  /** A file's text with each secret replaced by its kind, line by line, so that no line moves. Each text is scanned once. */
  mask(path: RepoPath, text: string): Promise<string>
  /** Removes secrets from any text: those recognised by their form, and lines of masked ones. */
  redact(text: string): Promise<string>
  /** The replacement of a masked secret in the text: '[private key left out]'; null: none. */
  markIn(text: string): string | null
  /** Kinds of masked secrets, by file. */
  readonly masked: ReadonlyMap<RepoPath, readonly string[]>
}

const TELLING = 12 // characters; a shorter part of a secret may occur elsewhere by chance

export function secretKeeper(): SecretKeeper {
  const last = new Map<RepoPath, { readonly text: string; readonly result: string }>()
  const masked = new Map<RepoPath, readonly string[]>()
  const known = new Map<string, string>() // parts of secrets, and their replacements
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

/** Lines of a secret, also if it is one string, without the first and last lines that all private keys share. */
function partsOf({ from, to, isExact }: Secret, text: string): readonly string[] {
  const lines = isExact ? text.slice(from, to).split(/\s+|\\[nr]|["'`]+/) : []
  return lines.filter(({ length }) => length >= TELLING)
}

/** A line for the user: 'src/keys.py: a private key was left out of what the model saw'. */
export function sayMasked(path: RepoPath, kinds: readonly string[]): string {
  return `${shownPath(path)}: ${withArticles(kinds)} ${kinds.length > 1 ? 'were' : 'was'} left out of what the model saw`
}
