import type { Config } from '../../src/config/read-config.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { isTrusted } from '../../src/trust/trust.ts'

export interface ChecksFor {
  readonly commands: readonly string[]
  /** Checks of the repository that do not run, since the user does not trust them. */
  readonly untrusted: readonly string[]
}

/** The checks that may run: those given, else those of the user's own configuration, else those of the repository if the user trusts them. */
export function checksFor(
  { checks, repositoryChecks }: Pick<Config, 'checks' | 'repositoryChecks'>,
  repo: Repo,
  given: readonly string[] | undefined,
): ChecksFor {
  if (given || !repositoryChecks) return { commands: given ?? checks, untrusted: [] }
  const areTrusted = isTrusted(repo, repositoryChecks)
  return areTrusted ? { commands: repositoryChecks, untrusted: [] } : { commands: [], untrusted: repositoryChecks }
}
