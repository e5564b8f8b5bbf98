import { shownPath } from '../../src/paths.ts'
import { GitError, git } from '../../src/repo/git.ts'
import { GREP } from '../../src/repo/grep.ts'
import type { SecretKeeper } from '../../src/secrets/secret-keeper.ts'
import { folderMeant } from './folder-meant.ts'
import { visibleLines } from './read-lines.ts'

export const SEARCH_LINES = 60
const WIDTH = 220
const HIT = /([^\0]+)\0(\d+)[\0:][^\n]*\n/g // of git grep -z

/**
 * Lines of the working tree `root` that match an extended regular expression, as path:line:text, without secrets; a problem in words for
 * the model.
 */
export async function searchFiles(
  root: string,
  pattern: string,
  within: string,
  secrets: SecretKeeper,
  maxFileBytes?: number,
): Promise<string> {
  const scope = folderMeant(within)
  if (scope === null) return `error: ${within} is outside the repository`
  try {
    const only = scope === '' ? [] : [scope.startsWith(':') ? `:(literal)${scope}` : scope]
    const found = await git(root, [...GREP, '-E', '-e', pattern, '--', ...only])
    const hits = [...found.matchAll(HIT)]
    const shown: string[] = []
    for (const [, path, line] of hits.slice(0, SEARCH_LINES)) {
      const file = await visibleLines(root, path!, secrets, maxFileBytes)
      const visible = 'lines' in file ? file.lines[Number(line) - 1] : '(not shown: the file is too large)'
      shown.push((await secrets.redact(`${shownPath(path!)}:${line}:${visible}`)).slice(0, WIDTH))
    }
    return [...shown, ...(hits.length > SEARCH_LINES ? [`(${hits.length - SEARCH_LINES} more)`] : [])].join('\n')
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return error.exitCode === 1 ? '(no match)' : `error: ${error.stderr.trim().split('\n')[0]}`
  }
}
