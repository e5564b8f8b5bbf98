import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepoPath } from '../types.ts'
import { APPLY, clashingFiles } from './apply-result.ts'
import { GitError, git, onePath, splitNul } from './git.ts'

/**
 * Applies a diff to an index, three-way where it does not fit as it is. Returns the files in which both sides changed the same lines; []: none.
 * Writes objects; files and refs stay unchanged.
 *
 * git reads its settings from a folder of ours, in `scratch`: those of the repository can name programs that merge (`merge.*.driver`).
 */
export async function applyThreeWay(
  root: string,
  diff: string,
  { index, scratch }: { readonly index: string; readonly scratch: string },
): Promise<readonly RepoPath[]> {
  const env = { GIT_INDEX_FILE: index }
  const plain = ['-c', 'core.splitIndex=false']
  const aside = await ownGitFolder(root, scratch)
  try {
    await git(root, [...plain, ...APPLY, '--3way', '--cached'], { env: { ...env, ...aside }, input: diff })
    return []
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const unmerged = splitNul(await git(root, [...plain, 'ls-files', '--unmerged', '-z'], { env }))
    const conflicts = [...new Set(unmerged.map((line) => line.slice(line.indexOf('\t') + 1)))]
    if (conflicts.length > 0) return conflicts
    const clashing = await clashingFiles(root, diff, ['--cached'], env)
    if (clashing.length === 0) throw error
    return clashing
  }
}

/** Settings of a repository that concern its objects and are no programs. */
const KEPT = /^(core\.sharedrepository|extensions\.(objectformat|compatobjectformat))\n(\w+)$/

/** Makes a git folder without settings, for the objects of the repository. Returns the environment that makes git use it. */
async function ownGitFolder(root: string, scratch: string): Promise<Record<string, string>> {
  const folder = join(scratch, 'settings.git')
  const [objects, settings] = await Promise.all([
    git(root, ['rev-parse', '--path-format=absolute', '--git-path', 'objects']),
    git(root, ['config', '--local', '--list', '-z']),
    mkdir(join(folder, 'refs'), { recursive: true }),
  ])
  const kept = splitNul(settings).flatMap((one) => {
    const [, key, , value] = KEPT.exec(one) ?? []
    return key && value ? [key.replace(/^(\w+)\./, '[$1]\n\t').concat(` = ${value}\n`)] : []
  })
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(join(folder, 'config'), `[core]\n\trepositoryformatversion = 1\n\tbare = false\n${kept.join('')}`)
  return { GIT_DIR: folder, GIT_WORK_TREE: root, GIT_OBJECT_DIRECTORY: onePath(objects) }
}
