import { join } from 'node:path'
import { repositoryFacts } from '../../src/exports/repository-facts.ts'
import { SKILL, skill } from '../../src/exports/skill.ts'
import { writeFolder } from '../../src/exports/write-folder.ts'
import { blocking } from '../../src/processes/blocking.ts'
import type { ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'
import { exportInput, requireNo } from './export-input.ts'
import { printFolder, printText } from './print-export.ts'

export async function exportSkill(wire: Wire, values: Values): Promise<ExitCode> {
  await requireNo('write', values, 'skill')
  const input = await exportInput(wire)
  const pages = await blocking(() => skill(repositoryFacts(input)))
  if (values.out === undefined) printText(wire, 'skill', pages.get('SKILL.md')!)
  else {
    const folder = join(String(values.out), SKILL)
    printFolder(wire, 'skill', folder, writeFolder(input.repo.root, folder, 'skill', pages, values.force === true))
  }
  return 0
}
