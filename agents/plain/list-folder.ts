import { GitError, git, splitNul } from '../../src/repo/git.ts'
import { folderMeant } from './folder-meant.ts'

const MOST = 1000 // names

/** Names in a folder of the working tree `root`, without those that git ignores; or a problem in words for the model. */
export async function listFolder(root: string, path: string): Promise<string> {
  const folder = folderMeant(path)
  if (folder === null) return `error: ${path} is outside the repository`
  const within = folder === '' ? [] : ['--', `:(literal)${folder}`]
  const listed = await git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...within]).catch(
    (error: unknown) => {
      if (error instanceof GitError) return ''
      throw error
    },
  )
  const start = folder === '' ? 0 : folder.length + 1
  const below = splitNul(listed).filter((file) => start === 0 || file.startsWith(`${folder}/`))
  const names = [
    ...new Set(
      below.map((file) => {
        const rest = file.slice(start)
        return rest.includes('/') ? `${rest.slice(0, rest.indexOf('/'))}/` : rest
      }),
    ),
  ]
  if (names.length === 0) return listed === '' ? `error: there is no folder ${path}` : `error: ${path} is a file`
  return [...names.slice(0, MOST), ...(names.length > MOST ? [`(${names.length - MOST} more)`] : [])].join('\n')
}
