import type { Command, ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'

/** A pass on the default branch. The store that the team shares is fetched before, and pushed after it. */
export async function ciNight(
  wire: Wire,
  values: Values,
  other: (name: string) => Command | undefined,
): Promise<ExitCode> {
  const [{ notForNight }, { sleep }] = await Promise.all([import('../../src/ci/this-job.ts'), import('./sleep.ts')])
  const why = notForNight(process.env)
  if (why !== null) {
    if (wire.flags.json) wire.printJson({ pass: null, why })
    wire.say(`no night for this job: ${why}`)
    return 0
  }
  if (!(await wire.llmIfAny('sleep')))
    wire.say('note: no model is set, so summaries are put together from comments and facts, and nothing is drafted')
  const [pull, push] = [other('pull'), other('push')]
  if (pull) await pulled(wire, pull)
  const code = await sleep.run(wire, '', values)
  if (code !== 0 && code !== 3) return code
  if (push) return (await push.run(wire, '', {})) || code
  wire.say('note: the store is not pushed: this version of repose has no push')
  return code
}

/** A store that cannot be had, because nobody has pushed one yet, does not end the night. */
async function pulled(wire: Wire, pull: Command): Promise<void> {
  const { UserError } = await import('../../src/errors.ts')
  try {
    await pull.run(wire, '', {})
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    wire.say(`note: the store was not fetched: ${error.message}`)
  }
}
