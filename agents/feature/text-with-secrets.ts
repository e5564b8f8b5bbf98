import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { safePath } from '../../src/edit/safe-path.ts'
import { statsAt } from '../../src/files/stats-at.ts'
import type { TextWithSecrets } from '../../src/repo/visible-hits.ts'
import type { SecretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { RepoPath } from '../../src/types.ts'

const MOST_SCANNED = 5_000_000 // bytes: a tenth of a second

/** Bytes of the largest file that is scanned for secrets: each file that may be shown, and some that are only searched. */
export function mostScanned(maxFileBytes: number): number {
  return Math.max(MOST_SCANNED, maxFileBytes)
}

/** Tells the files below `root` that are not too large to be scanned; each is looked at once. For one search. */
export function scannable(root: string, maxFileBytes: number): (path: RepoPath) => boolean {
  const known = new Map<RepoPath, boolean>()
  return (path) => {
    const isSo = known.get(path) ?? (statsAt(join(root, path))?.size ?? 0) <= mostScanned(maxFileBytes)
    known.set(path, isSo)
    return isSo
  }
}

/** A file below `root` with its secrets; null: there is no such file, or it is too large to be scanned. Not for a model. */
export async function textWithSecrets(
  root: string,
  path: RepoPath,
  secrets: SecretKeeper,
  maxFileBytes: number,
): Promise<TextWithSecrets | null> {
  const place = await safePath(root, path)
  if ('problem' in place || place.file === null || place.file.bytes > mostScanned(maxFileBytes)) return null
  return scanned(place.path, await readFile(place.absolute, 'utf8'), secrets)
}

export async function scanned(path: RepoPath, text: string, secrets: SecretKeeper): Promise<TextWithSecrets> {
  return { text, secrets: await secrets.secretsIn(path, text) }
}
