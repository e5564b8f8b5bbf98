import { UserError } from '../errors.ts'
import { GitError, git } from './git.ts'
import type { Repo } from './open-repo.ts'

export interface Base {
  /** Where HEAD left `ref`. */
  readonly commit: string
  /** Commits since, without those of `ref`. */
  readonly own: readonly string[]
}

const UNSHALLOW = 'git fetch --unshallow (in GitHub Actions: actions/checkout with fetch-depth: 0)'

/** Where HEAD left another branch. Throws UserError if there is no such commit, or none in common. Three git processes. */
export async function baseOf({ root, shallow }: Pick<Repo, 'root' | 'shallow'>, ref: string): Promise<Base> {
  const tip = await found(root, ['rev-parse', '--quiet', '--verify', '--end-of-options', `${ref}^{commit}`])
  const isShallow = shallow !== null
  if (tip === null)
    throw new UserError(
      `there is no commit ${ref} in this clone`,
      isShallow ? `fetch it with the history: ${UNSHALLOW}` : 'fetch it, or name another one, such as origin/main',
    )
  const commit = await found(root, ['merge-base', tip, 'HEAD'])
  if (commit === null)
    throw new UserError(
      `${ref} and HEAD have no commit in common${isShallow ? ' in this shallow clone' : ''}`,
      isShallow ? UNSHALLOW : 'name the branch that HEAD was made from',
    )
  const own = await git(root, ['rev-list', `${commit}..HEAD`])
  return { commit, own: own.split('\n').filter(Boolean) }
}

function found(root: string, args: readonly string[]): Promise<string | null> {
  return git(root, args).then(
    (output) => output.trim(),
    (error: unknown) => {
      if (error instanceof GitError) return null
      throw error
    },
  )
}
