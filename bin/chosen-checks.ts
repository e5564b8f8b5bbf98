import { confirm } from './confirm.ts'
import { plural } from './format.ts'
import { shownCommand } from './shown-command.ts'
import type { Wire } from './wire.ts'

export interface ChosenChecks {
  readonly commands: readonly string[]
  /** Checks of the repository that do not run, since the user does not trust them. */
  readonly untrusted: readonly string[]
  /** Whether the user was asked and refused. */
  readonly isDeclined: boolean
}

/**
 * The checks that a command runs: those of its options, else those of the user's own configuration, else those of the repository, if
 * the user trusts them. On a terminal the user is asked once; elsewhere untrusted checks are left out.
 */
export async function chosenChecks(wire: Wire, given: readonly string[] | undefined): Promise<ChosenChecks> {
  const { checks, repositoryChecks } = await wire.config()
  if (given || !repositoryChecks) return { commands: given ?? checks, untrusted: [], isDeclined: false }
  const [{ isTrusted, trustChecks }, repo] = await Promise.all([import('../src/trust/trust.ts'), wire.repo()])
  const trusted = { commands: repositoryChecks, untrusted: [], isDeclined: false }
  if (isTrusted(repo, repositoryChecks)) return trusted
  const answer = await confirm(wire, questionOf(repositoryChecks))
  if (answer) {
    trustChecks(repo, repositoryChecks)
    return trusted
  }
  return { commands: [], untrusted: repositoryChecks, isDeclined: answer === false }
}

function questionOf(checks: readonly string[]): string {
  const [ran, run] =
    checks.length === 1
      ? ['this command', 'Run it, and later too until it changes?']
      : [`these ${plural(checks.length, 'command')}`, 'Run them, and later too until they change?']
  const listed = checks.map((check) => `  ${shownCommand(check)}`).join('\n')
  const isLong = listed.length > MOST_SEEN || checks.length > MOST_LINES
  const length = isLong ? `They are ${listed.length} characters long: look at all of them before you say yes.\n` : ''
  return `The repose.config.json of this repository wants ${ran} to be run after each edit:\n${listed}\n${length}${run}`
}

/** What a small screen shows at once. */
const MOST_SEEN = 1000 // characters
const MOST_LINES = 15
