import type { IssueHost } from '../../src/ci/host.ts'
import type { LabelJob } from '../../src/ci/job.ts'
import { oneLine } from '../../src/ci/quiet-text.ts'

/** Why an issue is not implemented for this label; null: it is. Only who may push to the repository can ask for it. */
export async function whyNotImplement(job: LabelJob, host: IssueHost, wanted: string): Promise<string | null> {
  // character by character: GitHub's own expressions take upper and lower case for the same, and letters of other scripts look alike
  if (job.label !== wanted) return `the label is ${oneLine(job.label, 100)}, and not ${wanted}`
  if (!job.isOpen) return 'the issue is closed'
  if (job.isByBot || job.by === (await host.self())) return 'a bot set the label, and only people may'
  if (!(await host.mayWrite(job.by))) return `${job.by} set the label, and may not push to this repository`
  return null
}
