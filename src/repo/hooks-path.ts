import { join, resolve } from 'node:path'
import { GitError, git, splitNul } from './git.ts'
import type { Repo } from './open-repo.ts'

/**
 * The folder of git hooks that all worktrees share, and the value of core.hooksPath, which replaces it; null: not set.
 * One git process.
 */
export async function hooksPath({ root, commonDir }: Pick<Repo, 'root' | 'commonDir'>) {
  const listed = await git(root, ['config', '--show-scope', '--type=path', '-z', '--get-all', 'core.hooksPath']).catch(
    (error: unknown) => {
      if (error instanceof GitError && error.exitCode === 1) return '' // exit code 1: not set
      throw error
    },
  )
  const fields = splitNul(listed)
  const set: string[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) if (fields[at] !== 'command') set.push(fields[at + 1]!) // 'command': ours, which turns hooks off
  const configured = set.at(-1) ?? null
  return { folder: join(commonDir, 'hooks'), configured: configured === null ? null : resolve(root, configured) }
}
