import { groupBy } from '../groups.ts'
import { folderStart, shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'

export interface ListedFile {
  readonly path: RepoPath
  /** Names that it defines, the most relevant first. */
  readonly names: readonly string[]
  /** Left out: the length is not printed. */
  readonly lines?: number
  /** Numbers (from 1) of listed files that it usually changes together with. */
  readonly changesWith: readonly number[]
  /** Numbers of listed files that import it. */
  readonly importedBy: readonly number[]
}

const MOST_NAMES = 10

/**
 * Ranked files as one short list for a model to choose from: numbered by rank, grouped by folder, with what each file
 * defines, what it changes with, and what imports it. Paths come first: 50 paths take about 420 tokens and hold nine in
 * ten of the files that will change. Names are then added in rounds, one a file, the best ranked file first.
 *
 * If the paths alone exceed the budget, files at the end of the list are left out. Never exceeds budgetTokens.
 */
export function deepList(
  files: readonly ListedFile[],
  budgetTokens: number,
  countTokens: (text: string) => number,
): { readonly text: string; readonly listed: readonly RepoPath[] } {
  let listed = files.length
  const namesOf = files.map(() => 0)
  const write = () => writeList(files.slice(0, listed), namesOf)
  while (listed > 0 && countTokens(write()) > budgetTokens) listed--
  let spent = countTokens(write())
  for (let round = 0; round < MOST_NAMES; round++)
    for (let i = 0; i < listed; i++) {
      const name = files[i]!.names[round]
      if (name === undefined || namesOf[i] !== round) continue
      const cost = countTokens(`, ${name}`) + (round === 0 ? 1 : 0)
      if (spent + cost > budgetTokens) continue
      spent += cost
      namesOf[i]!++
    }
  // The pieces were counted one by one; the count of the whole may differ by a few tokens.
  for (let i = listed - 1; i >= 0 && countTokens(write()) > budgetTokens; i--) namesOf[i] = 0
  return { text: write(), listed: files.slice(0, listed).map(({ path }) => path) }
}

function writeList(files: readonly ListedFile[], namesOf: readonly number[]): string {
  const written = files.map(({ path, names, lines, changesWith, importedBy }, i) => {
    const folder = folderStart(path)
    const said = names.slice(0, namesOf[i]).join(', ')
    const isListed = (number: number) => number <= files.length
    const relations = [
      ['with', changesWith.filter(isListed)],
      ['used by', importedBy.filter(isListed)],
    ] as const
    const along = relations
      .filter(([, numbers]) => numbers.length > 0)
      .map(([how, numbers]) => `${how} ${numbers.join(', ')}`)
    const line = `${i + 1} ${shownPath(path.slice(folder.length))}${lines === undefined ? '' : ` ${lines}`}${said ? `: ${said}` : ''}${along.length > 0 ? ` (${along.join('; ')})` : ''}`
    return { folder: folder || './', line }
  })
  const folders = groupBy(written, ({ folder }) => folder)
  return [...folders].flatMap(([folder, lines]) => [shownPath(folder), ...lines.map(({ line }) => line)]).join('\n')
}
