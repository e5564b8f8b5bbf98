import type { Command, ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'

/** A pass on the default branch. The store that the team shares is fetched before, and pushed after it. */
export async function ciNight(
  wire: Wire,
  values: Values,
  other: (name: string) => Command | undefined,
): Promise<ExitCode> {
  const [{ notForNight }, { sleep }, { UserError }] = await Promise.all([
    import('../../src/ci/this-job.ts'),
    import('./sleep.ts'),
    import('../../src/errors.ts'),
  ])
  if (wire.flags.json)
    throw new UserError('ci night prints no JSON', 'leave --json out; repose receipts --json has what a pass did')
  const why = notForNight(process.env)
  if (why !== null) {
    wire.say(`no night for this job: ${why}`)
    return 0
  }
  if (!(await wire.llmIfAny('sleep')))
    wire.say('note: no model is set, so summaries are put together from comments and facts, and nothing is drafted')
  const [pull, push] = [other('pull'), other('push')]
  if (pull) {
    await wire.facts() // a clone of CI is new, and what is fetched belongs to contents that it must know
    await pull.run(wire, '', { remote: values.remote }).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error
      wire.say(`note: the store was not fetched: ${error.message}`)
    })
  }
  const code = await sleep.run(wire, '', values)
  if (code !== 0 && code !== 3) return code
  if (push) return (await push.run(wire, '', { remote: values.remote })) || code
  wire.say('note: the store is not pushed: this version of repose has no push')
  return code
}
