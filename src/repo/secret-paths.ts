import { areClean, withoutSecrets } from '../secrets/without-secrets.ts'
import type { RepoPath } from '../types.ts'
import type { LeftOut, Listing } from './listing.ts'

export type Paths = Pick<Listing, 'files' | 'leftOut'>

/**
 * Removes files whose paths contain a secret from a listing, and lists them as left out under a name without it. If there are none, one
 * scan of all paths together.
 */
export function withoutSecretPaths({ files, leftOut }: Paths): Paths {
  if (areClean([...files, ...leftOut].map(({ path }) => path))) return { files, leftOut }
  const clean = new Map<RepoPath, LeftOut>(leftOut.map(({ path, ...why }) => [withoutSecrets(path), why]))
  const kept = files.filter(({ path }) => {
    const shown = withoutSecrets(path)
    if (shown !== path) clean.set(shown, { reason: 'secret in its name' })
    return shown === path
  })
  const skipped = [...clean].map(([path, why]) => ({ path, ...why }))
  return { files: kept, leftOut: skipped.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}
