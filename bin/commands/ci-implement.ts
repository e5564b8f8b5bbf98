import { oneLine } from '../../src/ci/quiet-text.ts'
import { RUN_TOKENS } from '../../src/config/defaults.ts'
import type { ExitCode, Values } from '../command.ts'
import { spent } from '../format.ts'
import { loadChunksSoon } from '../load-chunks.ts'
import type { Wire } from '../wire.ts'

const LABEL = 'repose'

/** Implements the issue of this job, if its label asks for it. */
export async function ciImplement(wire: Wire, values: Values): Promise<ExitCode> {
  loadChunksSoon()
  const [
    { labelOfJob },
    { pushHeader },
    { whyNotImplement },
    { implementIssue },
    { chosenChecks },
    { limitsIn, priceFor },
  ] = await Promise.all([
    import('../../src/ci/this-job.ts'),
    import('../../src/ci/push-header.ts'),
    import('../../agents/ci/may-implement.ts'),
    import('../../agents/ci/implement-issue.ts'),
    import('../chosen-checks.ts'),
    import('../limits.ts'),
  ])
  const wanted = String(values.label ?? LABEL)
  const job = labelOfJob(process.env, wanted)
  const why = job.kind === 'skipped' ? job.why : await whyNotImplement(job, job.host, wanted)
  if (job.kind === 'skipped' || why !== null) {
    if (wire.flags.json) wire.printJson({ branch: null, pull: null, why, stop: null, usage: null })
    wire.say(`nothing to implement: ${why}`)
    return 0
  }
  const llm = await wire.llm('awake')
  const limits = limitsIn(values)
  const price = await priceFor(wire, llm, limits)
  const { commands: checks, untrusted } = await chosenChecks(wire, values.check as readonly string[] | undefined)
  const { repo, store, config, worktree } = await wire.facts()
  await wire.sayIfShallow()
  const progress = wire.progress()
  const end = await implementIssue(job, {
    ...{ host: job.host, remote: String(values.remote ?? 'origin'), header: pushHeader(process.env), untrusted },
    ...{ repo, store, worktree, llm, price, checks, effort: 'auto' },
    ...{ checkTimeoutMs: config.checkTimeoutMs, cage: config.cage, maxFileBytes: config.maxFileBytes },
    ...{ budgetTokens: limits.tokens ?? RUN_TOKENS, maxUsd: limits.usd, signal: wire.signal },
    onProgress: (text) => progress.show(text),
  })
  progress.end()
  if (wire.flags.json) wire.printJson(end)
  else {
    if (end.usage) wire.say(spent(end.usage))
    if (end.pull) wire.print(`opened for issue ${job.issue.number}: ${end.pull} (branch ${end.branch})`)
    else wire.say(`no pull request for issue ${job.issue.number}: ${oneLine(end.why ?? '', 500)}`)
  }
  if (end.pull || end.stop === null) return 0
  if (end.stop === 'interrupted') return 130
  return end.stop === 'out-of-budget' ? 3 : 1
}
