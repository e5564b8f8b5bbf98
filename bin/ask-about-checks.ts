import type { Deciding } from '../agents/feature/checking.ts'
import { shownPath } from '../src/paths.ts'
import type { CheckResult } from '../src/types.ts'
import { relevantOutput } from '../src/verify/relevant-output.ts'
import { confirm } from './confirm.ts'
import { canAsk } from './deliver.ts'
import { shownDiff } from './shown-diff.ts'
import type { Wire } from './wire.ts'

type Progress = ReturnType<Wire['progress']>

/** Shows edits that decide what checks run without a cage, and asks whether to run them. No, if nobody can be asked. */
export async function confirmEdits(wire: Wire, progress: Progress, edits: readonly Deciding[]): Promise<boolean> {
  progress.end()
  if (wire.flags.json) return false
  for (const { path, why, diff } of edits) show(wire, `\n${shownPath(path)}: ${why}\n${shownDiff(diff)}`)
  show(wire, 'These edits decide what the checks run, and there is no cage: what they start has your rights.')
  return (await confirm(wire, 'Run the checks?')) === true
}

/** Reports that a check fails before any edit, and asks whether to go on. No, if nobody can be asked. */
export async function confirmBroken(wire: Wire, progress: Progress, { check, output }: CheckResult): Promise<boolean> {
  progress.end()
  if (wire.flags.json) return false
  show(wire, `"${check}" fails before any edit, and has never passed here:\n${relevantOutput(output)}`)
  return (await confirm(wire, 'Go on and pay for edits?')) === true
}

/** What the user is asked about is shown with --quiet, too. */
function show(wire: Wire, text: string): void {
  if (wire.output.isQuiet && canAsk(wire)) wire.printWhole(text)
  else wire.say(text)
}
