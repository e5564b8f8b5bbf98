import { lintedSecrets } from './linted-secrets.ts'
import { cutOut, kindsOf, type Secret, withoutOverlaps } from './secret.ts'
import { tableSecrets } from './table-secrets.ts'

/**
 * Kinds of secret in a text: ['GitHub token']; [] if none is found. Never returns the secret itself. path: some rules apply only to certain
 * file names. Documented example keys do not count.
 */
export async function findSecrets(text: string, path: string): Promise<readonly string[]> {
  return kindsOf(await secretsIn(text, path))
}

/**
 * The text with each secret replaced by its kind: '[GitHub token left out]'. Pass the whole text before anything is cut, since half a key
 * is not recognised. A text without secrets is returned unchanged.
 */
export async function redactSecrets(text: string): Promise<string> {
  return cutOut(text, await secretsIn(text, 'text'))
}

/** Places of secrets, by our own table and by secretlint's rules: sorted, without overlaps. path: as in findSecrets. */
export async function secretsIn(text: string, path: string): Promise<readonly Secret[]> {
  return withoutOverlaps([...tableSecrets(text), ...(await lintedSecrets(text, path))])
}
