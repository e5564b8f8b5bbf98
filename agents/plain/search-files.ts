import { GitError, git } from '../../src/repo/git.ts'
import { folderOf } from './folder-of.ts'

export const SEARCH_LINES = 60
const WIDTH = 220

/** Lines of the working tree `root` that match an extended regular expression, as path:line:text; a problem in words for the model. */
export async function searchFiles(root: string, pattern: string, within: string): Promise<string> {
  const scope = folderOf(within)
  if (scope === null) return `error: ${within} is outside the repository`
  try {
    const only = scope === '' ? [] : [scope.startsWith(':') ? `:(literal)${scope}` : scope]
    const found = await git(root, ['grep', '-nEI', '--untracked', '-e', pattern, '--', ...only])
    const lines = found.split('\n').filter(Boolean)
    const shown = lines.slice(0, SEARCH_LINES).map((line) => line.slice(0, WIDTH))
    return [...shown, ...(lines.length > SEARCH_LINES ? [`(${lines.length - SEARCH_LINES} more)`] : [])].join('\n')
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return error.exitCode === 1 ? '(no match)' : `error: ${error.stderr.trim().split('\n')[0]}`
  }
}
