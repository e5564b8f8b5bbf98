import { trainingExamples } from '../../agents/training/training-examples.ts'
import { writeFileIn } from '../../src/exports/write-file.ts'
import type { ExitCode, Values } from '../command.ts'
import { plural } from '../format.ts'
import type { Wire } from '../wire.ts'
import { requireNo } from './export-input.ts'
import { printFile, printText } from './print-export.ts'

export async function exportTraining(wire: Wire, values: Values): Promise<ExitCode> {
  await requireNo('out', values, 'training')
  const { repo, store, worktree } = await wire.facts()
  const { text, counts, withheld } = await trainingExamples({ repo, store, worktree }, wire.signal)
  const { choice, edits, summary } = counts
  const examples = choice + edits + summary
  if (values.write === undefined) printText(wire, 'training', text, { examples: counts, withheld })
  else {
    const file = String(values.write)
    const state = writeFileIn(repo.root, file, () => text)
    printFile(wire, 'training', file, state, { examples: counts, withheld })
  }
  if (examples === 0)
    wire.say(
      'nothing to learn from yet: repose sleep with a model writes summaries, repose implement leaves transcripts',
    )
  else wire.say(`${plural(examples, 'example')}: ${choice} of choices, ${edits} of edits, ${summary} of summaries`)
  if (withheld > 0) wire.say(`${plural(withheld, 'example')} left out, since a secret was found in it`)
  return 0
}
