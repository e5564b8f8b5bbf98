import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../../src/errors.ts'
import { markdown } from '../../src/exports/markdown.ts'
import { repositoryFacts } from '../../src/exports/repository-facts.ts'
import { writeFolder } from '../../src/exports/write-folder.ts'
import { blocking } from '../../src/processes/blocking.ts'
import type { ExitCode, Values } from '../command.ts'
import type { Wire } from '../wire.ts'
import { exportInput, requireNo } from './export-input.ts'
import { printFolder } from './print-export.ts'

export async function exportMarkdown(wire: Wire, values: Values): Promise<ExitCode> {
  await requireNo('write', values, 'markdown')
  if (values.out === undefined)
    throw new UserError('markdown is a folder of pages', 'name it: repose export markdown --out FOLDER')
  const folder = String(values.out)
  const input = await exportInput(wire)
  const within = placeIn(input.repo.root, folder)
  if (within === '')
    throw new UserError('the top of the repository is no folder for pages', 'name another one with --out, such as wiki')
  const toRepository =
    within === null
      ? null
      : within
          .split('/')
          .map(() => '..')
          .join('/')
  const pages = await blocking(() => {
    // the pages of an earlier export are no part of the repository
    const facts = repositoryFacts(input, within === null ? [] : [`${within}/`])
    return markdown(facts, { store: input.store, worktree: input.worktree, toRepository })
  })
  const written = writeFolder(input.repo.root, folder, 'markdown', pages, values.force === true)
  printFolder(wire, 'markdown', folder, written)
  return 0
}

/** The path of a folder in the repository; '' is its top, null: it is elsewhere. */
function placeIn(root: string, folder: string): string | null {
  const within = relative(realpathSync(root), realOf(resolve(folder)))
  if (within === '..' || within.startsWith(`..${sep}`) || resolve(within) === within) return null
  return within.split(sep).join('/')
}

/** The real path of a folder, which may not exist yet. */
function realOf(path: string): string {
  if (existsSync(path) || dirname(path) === path) return realpathSync(path)
  return join(realOf(dirname(path)), basename(path))
}
