import { agentsMd } from '../../src/exports/agents-md.ts'
import { fenced, withFence } from '../../src/exports/fenced-block.ts'
import { repositoryFacts } from '../../src/exports/repository-facts.ts'
import { writeFileIn } from '../../src/exports/write-file.ts'
import { blocking } from '../../src/processes/blocking.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'
import { exportInput, requireNo } from './export-input.ts'
import { printFile, printText } from './print-export.ts'

export async function exportAgentsMd(wire: Wire, values: Values): Promise<ExitCode> {
  await requireNo('out', values, 'agents-md')
  const input = await exportInput(wire)
  const text = await blocking(() => agentsMd(repositoryFacts(input)))
  const tokens = countTokens(fenced(text))
  if (values.write === undefined) printText(wire, 'agents-md', `${fenced(text)}\n`, { tokens })
  else {
    const file = String(values.write)
    const state = writeFileIn(input.repo.root, file, (before) =>
      withFence(before ?? '', text, file, values.force === true),
    )
    printFile(wire, 'agents-md', file, state, { tokens })
  }
  return 0
}
