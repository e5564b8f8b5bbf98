import { withoutSecrets } from '../secrets/without-secrets.ts'
import type { RepoPath } from '../types.ts'
import type { LeftOut, Listing } from './listing.ts'

type Paths = Pick<Listing, 'files' | 'leftOut'>

/** A listing in which no path holds a secret: such a file is left out, under a name without it. Where there are none, one look at all paths together. */
export function withoutSecretPaths({ files, leftOut }: Paths): Paths {
  const paths = [...files, ...leftOut].map(({ path }) => path).join('\n')
  if (withoutSecrets(paths) === paths) return { files, leftOut }
  const clean = new Map<RepoPath, LeftOut>(leftOut.map(({ path, ...why }) => [withoutSecrets(path), why]))
  const kept = files.filter(({ path }) => {
    const shown = withoutSecrets(path)
    if (shown !== path) clean.set(shown, { reason: 'secret in its name' })
    return shown === path
  })
  const skipped = [...clean].map(([path, why]) => ({ path, ...why }))
  return { files: kept, leftOut: skipped.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}
