import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Changes, RepoPath } from '../types.ts'
import { type git, splitNul } from './git.ts'

// The user's diff.* settings must not change a patch that git apply has to read.
const PLAIN = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color', '--src-prefix=a/', '--dst-prefix=b/']

// the empty tree, by the length of its name: SHA-1, SHA-256
const EMPTY_TREES = new Map([
  [40, '4b825dc642cb6eb9a060e54bf8d69288fbee4904'],
  [64, '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'],
])

/**
 * The environment in which git (2.41 or newer) prints a diff without the attributes of the repository: `* -diff` would hide every change from
 * the person who is to confirm it. id: any object of the repository.
 */
export function withoutAttributes(id: string): Record<string, string> {
  const empty = EMPTY_TREES.get(id.length)
  return empty === undefined ? {} : { GIT_ATTR_SOURCE: empty }
}

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
 * The patch can be held in a string: files that are not UTF-8 are stored as binary. scratch: one of our own folders.
 */
export async function diffTrees(
  root: string,
  from: string,
  to: string,
  scratch: string,
  run: typeof git,
): Promise<string> {
  const whole = await patch(root, from, to, scratch, run, [], [])
  if (isUtf8(whole)) return whole.toString('utf8')

  const attributes = join(scratch, 'all-binary')
  await writeFile(attributes, '* -diff\n')
  const { modified, created, deleted } = await changesBetween(root, from, to, run)
  const parts: string[] = []
  for (const path of [...modified, ...created, ...deleted].sort()) {
    const only = ['--', `:(top,literal)${path}`]
    let part = await patch(root, from, to, scratch, run, [], only)
    if (!isUtf8(part))
      part = await patch(root, from, to, scratch, run, ['-c', `core.attributesFile=${attributes}`], only)
    if (!isUtf8(part))
      throw new Error(`${path} is not UTF-8 text, and its 'diff' attribute keeps git from showing it as binary`)
    parts.push(part.toString('utf8'))
  }
  return parts.join('')
}

async function patch(
  root: string,
  from: string,
  to: string,
  scratch: string,
  run: typeof git,
  settings: readonly string[],
  only: readonly string[],
): Promise<Buffer> {
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
  await run(root, args, { env: withoutAttributes(to) })
  const bytes = await readFile(file)
  await rm(file)
  return bytes
}
