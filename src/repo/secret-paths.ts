import { withoutSecrets } from '../secrets/without-secrets.ts'
import type { RepoPath } from '../types.ts'
import type { PathReason } from './default-ignores.ts'

interface Paths {
  readonly files: readonly { readonly path: RepoPath; readonly blob: string }[]
  readonly leftOut: readonly { readonly path: RepoPath; readonly reason: PathReason }[]
}

/** A listing in which no path holds a secret: such a file is left out, under a name without it. Where there are none, one look at all paths together. */
export function withoutSecretPaths({ files, leftOut }: Paths): Paths {
  const paths = [...files, ...leftOut].map(({ path }) => path).join('\n')
  if (withoutSecrets(paths) === paths) return { files, leftOut }
  const clean = new Map(leftOut.map(({ path, reason }) => [withoutSecrets(path), reason]))
  const kept = files.filter(({ path }) => {
    const shown = withoutSecrets(path)
    if (shown !== path) clean.set(shown, 'secret in its name')
    return shown === path
  })
  const skipped = [...clean].map(([path, reason]) => ({ path, reason }))
  return { files: kept, leftOut: skipped.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}
