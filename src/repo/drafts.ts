import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../files/temporary-folder.ts'
import type { RepoPath } from '../types.ts'
import { DiffTooLarge, diffTrees } from './diff-trees.ts'
import { GitError, GitLate, git, OutputTooLarge, splitNul } from './git.ts'
import { commonDirOf } from './git-dir-of.ts'
import { IDENTITY, ofOurRefs } from './identity.ts'
import { addsEntries, isReleaseNotes } from './release-notes.ts'
import { requireNoLinkedRef } from './require-no-linked-ref.ts'
import { treeWith } from './tree-with.ts'

/** A result on top of the commit that it was made from. */
export interface DraftCommit {
  readonly base: string
  readonly commit: string
}

const FOLDER = 'refs/repose/drafts/'
const OURS = /^refs\/repose\/drafts\/\d+(\.[0-9a-f]+)?$/
const MOST_SEEN = 200 // places that are looked at line by line, with a git process for each file; an agent sees some dozens

/**
 * Where a draft stands when another commit is checked out.
 *
 * 'fits': that commit is its base, or the draft merges into it without conflict; `tree` is the result. 'there': the commit has all of it
 * already. 'conflict': both changed the same lines. 'changed': what the draft was made from has changed. 'lost': its objects are gone, or its
 * diff, or git's output about it, is too large.
 */
export type Standing =
  | { readonly kind: 'fits'; readonly tree: string; readonly isMoved: boolean }
  | { readonly kind: 'there' | 'lost' }
  | { readonly kind: 'conflict'; readonly files: readonly RepoPath[] }
  | { readonly kind: 'changed'; readonly seen: readonly string[] }

/** Commits a tree on top of `base`. The commit is found by its id; nameDraft() keeps git from removing it. */
export async function commitDraft(root: string, base: string, tree: string, message: string): Promise<string> {
  const args = ['commit-tree', tree, '-p', base, '--no-gpg-sign', '-F', '-']
  return (await git(root, args, { env: IDENTITY, input: `${message.trimEnd()}\n` })).trim()
}

/**
 * Keeps git from collecting a draft: `git gc` leaves its objects, and `git push` does not send this ref. A symbolic ref of that name, which
 * may have come with a git folder of others, is replaced: through it git would move or delete a branch.
 */
export async function nameDraft(root: string, item: number | string, commit: string): Promise<void> {
  const commonDir = commonDirOf(root)
  requireNoLinkedRef(commonDir, `${FOLDER}${item}`)
  await git(root, ['update-ref', '--no-deref', `${FOLDER}${item}`, commit], { env: ofOurRefs(commonDir) })
}

/** git may collect the drafts of an item from now on, those for other commits too. */
export async function forgetDraft(root: string, item: number): Promise<void> {
  const commonDir = commonDirOf(root)
  requireNoLinkedRef(commonDir, `${FOLDER}${item}`)
  await git(root, ['update-ref', '--no-deref', '-d', `${FOLDER}${item}`], { env: ofOurRefs(commonDir) })
  await forgetAll(root, `${FOLDER}${item}.*`)
}

/**
 * Names the draft of an item (null: it has none), and as `<item>.<commit>` the drafts that are kept for other commits. git may collect
 * what the item had besides.
 */
export async function nameDrafts(
  root: string,
  item: number,
  commit: string | null,
  kept: readonly string[],
): Promise<void> {
  await forgetDraft(root, item)
  if (commit !== null) await nameDraft(root, item, commit)
  for (const one of kept) await nameDraft(root, `${item}.${one}`, one)
}

/** git may collect every draft from now on. */
export async function forgetAllDrafts(root: string): Promise<void> {
  await forgetAll(root, FOLDER)
}

async function forgetAll(root: string, pattern: string): Promise<void> {
  const listed = (await git(root, ['for-each-ref', '--format=%(refname)', pattern])).split('\n')
  const refs = listed.filter((name) => OURS.test(name))
  if (refs.length === 0) return
  const commonDir = commonDirOf(root)
  for (const ref of refs) requireNoLinkedRef(commonDir, ref)
  const input = refs.map((ref) => `delete ${ref}\n`).join('')
  await git(root, ['update-ref', '--no-deref', '--stdin'], { input, env: ofOurRefs(commonDir) })
}

/**
 * Names the drafts whose ref is missing, since a run was killed before it was made. commits: by item, or by `<item>.<commit>`. Returns the
 * keys of those whose commit is gone.
 */
export async function repairDraftRefs<Key extends number | string>(
  root: string,
  commits: ReadonlyMap<Key, string>,
): Promise<Key[]> {
  if (commits.size === 0) return []
  const lines = (await git(root, ['for-each-ref', '--format=%(refname) %(objectname)', FOLDER]))
    .split('\n')
    .filter(Boolean)
  const named = new Map(lines.map((line) => line.split(' ') as [string, string]))
  const lost: Key[] = []
  for (const [item, commit] of commits) {
    if (named.get(`${FOLDER}${item}`) === commit) continue
    await nameDraft(root, item, commit).catch((error: unknown) => {
      if (!(error instanceof GitError)) throw error
      lost.push(item)
    })
  }
  return lost
}

/** A patch for `git apply` from a draft's base to its result. */
export function draftDiff(root: string, { base, commit }: DraftCommit): Promise<string> {
  return diffBetween(root, base, commit)
}

/** A patch for `git apply` from one commit or tree to another. */
export async function diffBetween(root: string, from: string, to: string): Promise<string> {
  const scratch = await mkdtemp(join(temporaryFolder(), 'repose-draft-'))
  try {
    return await diffTrees(root, from, to, scratch, git)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/**
 * Where a draft stands at `head`. seen: the places that it was made from, as lines of its base ('src/a.ts:1-9', or a path for the whole
 * file). Some git processes if head is not its base, else none.
 */
export async function standingOf(
  root: string,
  draft: DraftCommit,
  seen: readonly string[],
  head: string,
): Promise<Standing> {
  try {
    if (draft.base === head) return { kind: 'fits', tree: await treeOf(root, draft.commit), isMoved: false }
    const merged = await treeWith(root, head, await draftDiff(root, draft))
    if ('tree' in merged && merged.tree === (await treeOf(root, head))) return { kind: 'there' }
    if (!('tree' in merged)) return { kind: 'conflict', files: merged.conflicts }
    const changed = await changedPlaces(root, draft.base, head, seen)
    return changed.length > 0 ? { kind: 'changed', seen: changed } : { kind: 'fits', tree: merged.tree, isMoved: true }
  } catch (error) {
    if (LOSSES.some((loss) => error instanceof loss)) return { kind: 'lost' }
    throw error
  }
}

const LOSSES = [GitError, GitLate, DiffTooLarge, OutputTooLarge]

async function treeOf(root: string, commit: string): Promise<string> {
  return (await git(root, ['rev-parse', '--verify', '--quiet', `${commit}^{tree}`])).trim()
}

/** Places of one commit that another one changed. One git process for the names, and one for the lines. */
async function changedPlaces(
  root: string,
  from: string,
  to: string,
  seen: readonly string[],
): Promise<readonly string[]> {
  const places = seen.map((place) => ({ place, ...placeOf(place) }))
  if (places.length === 0) return []
  const changed = new Set(splitNul(await git(root, ['diff-tree', '-r', '--no-renames', '--name-only', '-z', from, to])))
  const touched = places.filter(({ path }) => changed.has(path))
  if (touched.length > MOST_SEEN) return touched.map(({ place }) => place)
  const hunks = new Map<RepoPath, readonly Hunk[]>()
  const found: string[] = []
  const noted = new Map<RepoPath, boolean>()
  for (const { place, path, lines } of touched) {
    if (isReleaseNotes(path) && !noted.has(path)) noted.set(path, await onlyAdds(root, from, to, path))
    if (noted.get(path) === true) continue // entries of other changes
    if (lines !== null && !hunks.has(path)) hunks.set(path, await hunksOf(root, from, to, path))
    if (lines === null || hunks.get(path)!.some((hunk) => isWithin(hunk, lines))) found.push(place)
  }
  return found
}

async function onlyAdds(root: string, from: string, to: string, path: RepoPath): Promise<boolean> {
  const textAt = (commit: string) => git(root, ['cat-file', 'blob', `${commit}:${path}`])
  try {
    return addsEntries(await textAt(from), await textAt(to))
  } catch (error) {
    if (error instanceof GitError) return false // it was deleted
    throw error
  }
}

function placeOf(place: string): { readonly path: RepoPath; readonly lines: { first: number; last: number } | null } {
  const span = /^(.+):(\d+)-(\d+)$/.exec(place)
  return span
    ? { path: span[1]!, lines: { first: Number(span[2]), last: Number(span[3]) } }
    : { path: place, lines: null }
}

interface Hunk {
  readonly first: number
  readonly count: number
}

/** The lines of the old file that a step changed. */
async function hunksOf(root: string, from: string, to: string, path: RepoPath): Promise<readonly Hunk[]> {
  const plain = ['diff-tree', '-U0', '--no-renames', '--no-color', from, to]
  const diff = await git(root, [...plain, '--', `:(top,literal)${path}`])
  if (!/(?<=\n)@@/.test(diff)) return [{ first: 0, count: Number.POSITIVE_INFINITY }] // a binary file, or a mode
  return [...diff.matchAll(/(?<=\n)@@ -(\d+)(?:,(\d+))? /g)].map(([, first, count = '1']) => ({
    first: Number(first),
    count: Number(count),
  }))
}

/** Lines put in front of the first or behind the last line are not within. */
function isWithin({ first, count }: Hunk, lines: { readonly first: number; readonly last: number }): boolean {
  if (count === 0) return first >= lines.first && first < lines.last
  return first <= lines.last && first + count - 1 >= lines.first
}
