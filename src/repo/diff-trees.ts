import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { Changes, RepoPath } from '../types.ts'
import { type git, splitNul } from './git.ts'
import { ownGitFolder } from './own-git-folder.ts'

// The user's diff.* settings must not change a patch that git apply has to read.
const PLAIN = ['--no-renames', '--no-color', '--src-prefix=a/', '--dst-prefix=b/']

const MOST_BYTES = 3_000_000

/** The changes of one run are too large to be shown and kept. */
export class DiffTooLarge extends UserError {}

/** Paths that differ between two trees, each list sorted. A rename counts as one deleted and one created path. */
export async function changesBetween(root: string, from: string, to: string, run: typeof git): Promise<Changes> {
  const fields = splitNul(await run(root, ['diff-tree', '-r', '--name-status', '--no-renames', '-z', from, to]))
  const changes = { modified: [] as RepoPath[], created: [] as RepoPath[], deleted: [] as RepoPath[] }
  for (let at = 0; at < fields.length; at += 2) {
    const list = fields[at] === 'A' ? changes.created : fields[at] === 'D' ? changes.deleted : changes.modified
    list.push(fields[at + 1]!)
  }
  return changes
}

/**
 * A patch for `git apply` from one tree to the other. '' when they are equal.
 *
 * The patch can be held in a string: files that are not UTF-8 are stored as binary. scratch: one of our own folders. Throws DiffTooLarge
 * for a patch of more than 3 MB: whoever shows one looks through all of it for secrets.
 */
export async function diffTrees(
  root: string,
  from: string,
  to: string,
  scratch: string,
  run: typeof git,
): Promise<string> {
  // in a git folder of ours no attribute hides a change from the person who is to confirm it (`* -diff`)
  const env = await ownGitFolder(root, scratch, { read: from })
  const patch = async (settings: readonly string[], only: readonly string[]) => {
    const file = join(scratch, `${randomUUID()}.diff`)
    const args = [
      '-c',
      'core.quotePath=true', // names that are not UTF-8 are then printed in ASCII
      ...settings,
      'diff-tree',
      '-O/dev/null',
      '-p',
      '--binary',
      '--full-index',
      ...PLAIN,
      `--output=${file}`,
      from,
      to,
      ...only,
    ]
    await run(env.GIT_DIR, args, { env })
    const { size } = await stat(file)
    if (size > MOST_BYTES)
      throw new DiffTooLarge(
        `the changes are too large: their diff has ${Math.ceil(size / 1e6)} MB, and at most ${MOST_BYTES / 1e6} MB are kept`,
        'ask for less at once; if a check has written large files, let git ignore them',
        { exitCode: 1 },
      )
    const bytes = await readFile(file)
    await rm(file)
    return bytes
  }
  const whole = await patch([], [])
  if (isUtf8(whole)) return whole.toString('utf8')

  const attributes = join(scratch, 'all-binary')
  await writeFile(attributes, '* -diff\n')
  const { modified, created, deleted } = await changesBetween(root, from, to, run)
  const parts: string[] = []
  for (const path of [...modified, ...created, ...deleted].sort()) {
    const only = ['--', `:(top,literal)${path}`]
    const part = await patch([], only)
    parts.push((isUtf8(part) ? part : await patch(['-c', `core.attributesFile=${attributes}`], only)).toString('utf8'))
  }
  return parts.join('')
}
