import { lintedSecrets } from './linted-secrets.ts'
import { cutOut, kindsOf, type Secret, withoutOverlaps } from './secret.ts'
import { tableSecrets } from './table-secrets.ts'

/**
 * What kinds of secret a text looks like it holds: ['GitHub token']; [] where none is found. Never the secret itself.
 * path: some rules look only at files of certain names. Documented example keys are let pass.
 */
export async function findSecrets(text: string, path: string): Promise<readonly string[]> {
  return kindsOf(await secretsIn(text, path))
}

/**
 * The text with each secret replaced by what it is: '[GitHub token left out]'. Give it the whole text, before anything is cut: half a key is not known
 * for one. What has no secret comes back as it is.
 */
export async function redactSecrets(text: string): Promise<string> {
  return cutOut(text, await secretsIn(text, 'text'))
}

/** Where a text holds secrets, by our own table and by secretlint's rules: sorted, without overlaps. path: as in findSecrets. */
export async function secretsIn(text: string, path: string): Promise<readonly Secret[]> {
  return withoutOverlaps([...tableSecrets(text), ...(await lintedSecrets(text, path))])
}
