import { llmsTxt } from '../../src/exports/llms-txt.ts'
import { repositoryFacts } from '../../src/exports/repository-facts.ts'
import { writeSealed } from '../../src/exports/sealed-file.ts'
import { blocking } from '../../src/processes/blocking.ts'
import type { ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'
import { exportInput, requireNo } from './export-input.ts'
import { printFile, printText } from './print-export.ts'

export async function exportLlmsTxt(wire: Wire, values: Values): Promise<ExitCode> {
  await requireNo('out', values, 'llms-txt')
  const input = await exportInput(wire)
  const text = await blocking(() => llmsTxt(repositoryFacts(input, ['llms.txt'])))
  if (values.write === undefined) printText(wire, 'llms-txt', text)
  else {
    const file = String(values.write)
    printFile(wire, 'llms-txt', file, writeSealed(input.repo.root, file, text, values.force === true))
  }
  return 0
}
