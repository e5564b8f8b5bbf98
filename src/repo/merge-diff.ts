import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../files/temporary-folder.ts'
import type { RepoPath } from '../types.ts'
import { applyThreeWay } from './apply-three-way.ts'
import { diffTrees } from './diff-trees.ts'
import { git } from './git.ts'
import { gitDirOf } from './git-dir-of.ts'
import { objectsAside } from './objects-aside.ts'
import { writeTree } from './write-tree.ts'

/**
 * Merges a diff that no longer fits three-way with the working tree. Returns a diff that fits; '' if all of it is applied already. The base
 * is the content the diff was made from, which git has as long as it keeps the objects. conflicts: files in which both sides changed the
 * same lines, or whose base is missing. Objects go to a temporary folder; files, index and refs stay unchanged.
 */
export async function mergeDiff(
  root: string,
  diff: string,
): Promise<{ readonly diff: string } | { readonly conflicts: readonly RepoPath[] }> {
  const scratch = await mkdtemp(join(temporaryFolder(), 'repose-merge-'))
  try {
    const index = join(gitDirOf(root), 'index')
    const objects = await objectsAside(root, scratch)
    const run: typeof git = (folder, args, options) =>
      git(folder, args, { ...options, env: { ...options?.env, ...objects } })
    const here = await writeTree(root, { index, scratch }, run)
    const env = { GIT_INDEX_FILE: here.index }
    const conflicts = await applyThreeWay(root, diff, { index: here.index, scratch, objects })
    if (conflicts.length > 0) return { conflicts }
    const merged = (await run(root, ['write-tree'], { env })).trim()
    return { diff: await diffTrees(root, here.tree, merged, scratch, run) }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
