import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { cloneId, makeCloneId } from './clone-id.ts'
import { readTrust, type TrustEntry, writeTrust } from './trust-file.ts'

/**
 * Whether the user trusts a repository with these checks, as they stand.
 *
 * What is trusted is one clone (the real path of the folder that git keeps for itself, and a random word in it) with one list of commands.
 * A change of the list, a clone that was moved or copied, and another clone at the same path are therefore not trusted. What the
 * commands run is not looked at: 'npm test' stays trusted when package.json changes.
 *
 * commonDir: absolute, shared by the working trees of the clone. Throws UserError for a file of trust that is not as it should be.
 */
export function isTrusted(commonDir: string, checks: readonly string[], env: NodeJS.ProcessEnv = process.env): boolean {
  const id = cloneId(commonDir)
  if (id === null) return false
  const key = keyOf(realpathSync.native(commonDir), id, checks)
  return readTrust(env).some((entry) => entry.key === key)
}

/** Trusts a repository with these checks. What else was trusted of it, in another branch for instance, stays so. */
export function trustChecks(
  commonDir: string,
  checks: readonly string[],
  now: number = Date.now(),
  env: NodeJS.ProcessEnv = process.env,
): void {
  const trusted = readTrust(env)
  const repository = realpathSync.native(commonDir)
  const key = keyOf(repository, makeCloneId(commonDir), checks)
  writeTrust([...trusted.filter((entry) => entry.key !== key), { key, repository, checks: [...checks], at: now }], env)
}

/** Takes all trust in a repository back. Returns what was trusted. */
export function revokeTrust(commonDir: string, env: NodeJS.ProcessEnv = process.env): readonly TrustEntry[] {
  const trusted = readTrust(env)
  const repository = realpathSync.native(commonDir)
  const revoked = trusted.filter((entry) => entry.repository === repository)
  if (revoked.length > 0)
    writeTrust(
      trusted.filter((entry) => entry.repository !== repository),
      env,
    )
  return revoked
}

function keyOf(repository: string, id: string, checks: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([repository, id, checks]))
    .digest('hex')
}
