import type { ChecksFor } from '../agents/feature/checks-for.ts'
import { confirm } from './confirm.ts'
import { canAsk } from './deliver.ts'
import { plural } from './format.ts'
import { shownCommand } from './shown-command.ts'
import type { Wire } from './wire.ts'

export interface ChosenChecks extends ChecksFor {
  /** Whether the user was asked and refused. */
  readonly isDeclined: boolean
}

/**
 * The checks that a command runs: those of its options, else those of the user's own configuration, else those of the repository, if
 * the user trusts them. On a terminal the user is asked once; elsewhere untrusted checks are left out.
 */
export async function chosenChecks(wire: Wire, given: readonly string[] | undefined): Promise<ChosenChecks> {
  const [config, repo, { checksFor }] = await Promise.all([
    wire.config(),
    wire.repo(),
    import('../agents/feature/checks-for.ts'),
  ])
  const found = checksFor(config, repo, given)
  const repositoryChecks = found.untrusted
  if (repositoryChecks.length === 0) return { ...found, isDeclined: false }
  const answer = await confirm(wire, questionOf(repositoryChecks))
  if (answer) {
    const { trustChecks } = await import('../src/trust/trust.ts')
    trustChecks(repo, repositoryChecks)
    return { commands: repositoryChecks, untrusted: [], isDeclined: false }
  }
  return { commands: [], untrusted: repositoryChecks, isDeclined: answer === false }
}

/** Says, before anything is paid, that the checks of the repository will not run: they are not trusted, and nobody can be asked. */
export async function sayUntrusted(wire: Wire, given: readonly string[] | undefined): Promise<void> {
  const [config, repo, { checksFor }] = await Promise.all([
    wire.config(),
    wire.repo(),
    import('../agents/feature/checks-for.ts'),
  ])
  const { untrusted } = checksFor(config, repo, given)
  if (untrusted.length > 0 && !canAsk(wire))
    wire.say('note: the checks of this repository will not run, since you do not trust it yet (repose trust)')
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
