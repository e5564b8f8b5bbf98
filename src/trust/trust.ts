import { createHash } from 'node:crypto'
import { requireOwn } from '../config/require-own.ts'
import { cloneId, freshCloneId } from './clone-id.ts'
import { changeTrust, readTrust, type TrustEntry, trustFile } from './trust-file.ts'
import { trustedPlace, type WorkingPlace } from './trusted-place.ts'

/**
 * Whether the user trusts a repository with exactly these checks.
 *
 * Trust belongs to one clone (trusted-place.ts, and a random id in git's own folder) and one list of commands. A changed list, a moved or
 * copied clone, or another clone at the same path is therefore not trusted. What the commands run is not examined: 'npm test' stays trusted
 * when package.json changes.
 *
 * Throws UserError for an invalid trust file, and for one that lies in the repository: it may have come with an archive, as the id does.
 */
export function isTrusted(
  place: WorkingPlace,
  checks: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  const id = cloneId(place.commonDir)
  if (id === null) return false
  requireOwn(trustFile(env), place.root)
  const key = keyOf(trustedPlace(place), id, checks)
  return readTrust(env).some((entry) => entry.key === key)
}

/** Trusts a repository with these checks. Earlier trust in other lists, for instance of another branch, stays. */
export function trustChecks(
  place: WorkingPlace,
  checks: readonly string[],
  now: number = Date.now(),
  env: NodeJS.ProcessEnv = process.env,
): void {
  const repository = trustedPlace(place)
  changeTrust((trusted) => {
    const known = cloneId(place.commonDir)
    const isOfThisClone = (entry: TrustEntry) =>
      known !== null && entry.key === keyOf(entry.repository, known, entry.checks)
    // an id without any trust came with the repository, so others may know it
    const id = known !== null && trusted.some(isOfThisClone) ? known : freshCloneId(place.commonDir)
    const key = keyOf(repository, id, checks)
    const kept = trusted.filter(
      (entry) => entry.key !== key && (entry.repository !== repository || isOfThisClone(entry)),
    )
    return [...kept, { key, repository, checks: [...checks], at: now }]
  }, env)
}

/** Revokes all trust in a repository. Returns what was trusted. */
export function revokeTrust(place: WorkingPlace, env: NodeJS.ProcessEnv = process.env): readonly TrustEntry[] {
  const repository = trustedPlace(place)
  const ofThis = (entry: TrustEntry) => entry.repository === repository
  const revoked = readTrust(env).filter(ofThis)
  if (revoked.length > 0) changeTrust((trusted) => trusted.filter((entry) => !ofThis(entry)), env)
  return revoked
}

function keyOf(repository: string, id: string, checks: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([repository, id, checks]))
    .digest('hex')
}
