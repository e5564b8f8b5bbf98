import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepoPath } from '../types.ts'
import { APPLY, clashingFiles } from './apply-result.ts'
import { GitError, git, splitNul } from './git.ts'
import { ownGitFolder } from './own-git-folder.ts'
import { addsEntries, isReleaseNotes } from './release-notes.ts'

interface ThreeWayOptions {
  /** Absolute path of the index. */
  readonly index: string
  /** One of our own folders. */
  readonly scratch: string
  /** What objectsAside() returns. Default: objects go to the repository. */
  readonly objects?: Readonly<Record<string, string>>
}

/**
 * Applies a diff to an index, three-way where it does not fit as it is. If both sides added entries to release notes, it keeps both.
 * Returns the files in which both sides changed the same lines; []: none.
 * Writes objects; files and refs stay unchanged.
 *
 * git reads its settings from a folder of ours, in `scratch`: those of the repository can name programs that merge (`merge.*.driver`).
 */
export async function applyThreeWay(
  root: string,
  diff: string,
  { index, scratch, objects = {} }: ThreeWayOptions,
): Promise<readonly RepoPath[]> {
  const run: typeof git = (folder, args, options) =>
    git(folder, args, { ...options, env: { ...options?.env, ...objects } })
  const env = { GIT_INDEX_FILE: index }
  const plain = ['-c', 'core.splitIndex=false']
  const aside = { ...(await ownGitFolder(root, scratch)), GIT_WORK_TREE: root }
  try {
    await run(root, [...plain, ...APPLY, '--3way', '--cached'], { env: { ...env, ...aside }, input: diff })
    return []
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const unmerged = splitNul(await run(root, [...plain, 'ls-files', '--unmerged', '-z'], { env })).map(entryOf)
    const files = [...new Set(unmerged.map(({ path }) => path))]
    const conflicts: RepoPath[] = []
    for (const path of files) {
      const merged = await bothEntries(
        root,
        unmerged.filter((one) => one.path === path),
        scratch,
        run,
      )
      if (merged === null) conflicts.push(path)
      else await run(root, [...plain, 'update-index', '--cacheinfo', `${merged.mode},${merged.id},${path}`], { env })
    }
    if (files.length > 0) return conflicts
    const clashing = await clashingFiles(root, diff, ['--cached'], { ...objects, ...env })
    if (clashing.length === 0) throw error
    return clashing
  }
}

interface Unmerged {
  readonly mode: string
  readonly id: string
  /** '1': the base, '2': ours, '3': theirs. */
  readonly stage: string
  readonly path: RepoPath
}

function entryOf(line: string): Unmerged {
  const tab = line.indexOf('\t')
  const [mode, id, stage] = line.slice(0, tab).split(' ') as [string, string, string]
  return { mode, id, stage, path: line.slice(tab + 1) }
}

/** Release notes to which both sides added entries, with those of both; null: it is another conflict. */
async function bothEntries(
  root: string,
  sides: readonly Unmerged[],
  scratch: string,
  run: typeof git,
): Promise<Unmerged | null> {
  const [base, ours, theirs] = ['1', '2', '3'].map((stage) => sides.find((one) => one.stage === stage))
  if (!base || !ours || !theirs || !isReleaseNotes(ours.path) || ours.mode !== theirs.mode) return null
  if (!ours.mode.startsWith('100')) return null // a link
  const texts = await Promise.all([ours, base, theirs].map(({ id }) => run(root, ['cat-file', 'blob', id])))
  if (![0, 2].every((side) => addsEntries(texts[1]!, texts[side]!))) return null
  const files = ['ours', 'base', 'theirs'].map((name) => join(scratch, name))
  await Promise.all(files.map((file, i) => writeFile(file, texts[i]!)))
  const merged = await run(root, ['merge-file', '--union', '-p', ...files])
  const id = (await run(root, ['hash-object', '-w', '--stdin'], { input: merged })).trim()
  return { ...ours, id }
}
