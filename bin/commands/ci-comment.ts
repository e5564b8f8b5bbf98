import { createHash } from 'node:crypto'
import type { ExitCode, Values } from '../command.ts'
import { findingsOf } from '../findings-of.ts'
import type { Wire } from '../wire.ts'

/** One comment on the pull request of this job: what `repose check` says of it. */
export async function ciComment(wire: Wire, values: Values): Promise<ExitCode> {
  const [{ pullOfJob }, { keepComment }, { sayFindings }, { otherParent }] = await Promise.all([
    import('../../src/ci/this-job.ts'),
    import('../../src/ci/keep-comment.ts'),
    import('../../agents/ci/say-findings.ts'),
    import('../../src/repo/other-parent.ts'),
  ])
  const job = await pullOfJob(process.env)
  if (job.kind === 'skipped') {
    if (wire.flags.json) wire.printJson({ comment: null, why: job.why, findings: [] })
    wire.say(`nothing to comment on: ${job.why}`)
    return 0
  }
  const base = (job.head && (await otherParent(await wire.repo(), job.head))) ?? job.base
  const { findings } = await findingsOf(wire, { paths: values.paths, base })
  const thread = { kind: 'pull', number: job.number } as const
  const comment = await keepComment(job.host, thread, kindOf(values), sayFindings(findings))
  if (wire.flags.json) wire.printJson({ comment, why: null, findings })
  else {
    for (const { message } of findings) wire.print(`- ${message}`) // a line of a log that begins with '::' is a command of GitHub
    wire.say(`comment on ${job.number}: ${comment}`)
  }
  return 0
}

/** Jobs for several projects of a repository keep a comment each. */
function kindOf({ paths }: Values): string {
  if (paths === undefined) return 'check'
  return `check ${createHash('sha256').update(JSON.stringify(paths)).digest('hex').slice(0, 12)}`
}
