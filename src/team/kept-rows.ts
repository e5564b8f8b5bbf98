import { sourceLanguage } from '../indexing/source-language.ts'
import { git, splitNul } from '../repo/git.ts'
import type { Store } from '../store/open-store.ts'
import { SUMMARY_KINDS } from '../summary/kinds/index.ts'
import { fileSourceHash } from '../summary/source-hash.ts'
import type { NamedRow } from './row.ts'

const DAY_MS = 86_400_000
const UNASKED_MS = 90 * DAY_MS // a branch may come back, and a release may be looked at again
const OLD_PROMPT_MS = 30 * DAY_MS // others may not have upgraded yet
const MOST_TIPS = 40
const MINED = 3 // commits whose recipes stay

export interface KeptOptions {
  readonly root: string
  readonly store: Store
  readonly worktree: number
  /** The remote whose branches ask for rows. */
  readonly remote: string
  readonly now: number
  readonly signal: AbortSignal
}

/**
 * Which rows of a store stay when its packs are joined: those that are young, those that the working tree or the tip of a branch of the
 * remote asks for, and the recipes of the newest commits. Summaries of earlier prompts stay for a month.
 */
export async function keptRows(rows: readonly NamedRow[], options: KeptOptions): Promise<(row: NamedRow) => boolean> {
  const { now } = options
  const isOld = rows.some(({ row }) => row.kind === 'summary' && now - row.at >= UNASKED_MS)
  const asked = isOld ? await askedFor(options) : new Set<string>()
  const minedAt = new Map(rows.flatMap(({ row }) => (row.kind === 'recipe' ? [[row.head, row.at] as const] : [])))
  const mined = new Set(
    [...minedAt]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MINED)
      .map(([head]) => head),
  )
  return ({ row }) => {
    const age = now - row.at
    if (row.kind === 'recipe') return mined.has(row.head)
    if (row.kind === 'plan') return age < UNASKED_MS
    if (row.prompt < SUMMARY_KINDS[row.of].promptVersion) return age < OLD_PROMPT_MS
    return age < UNASKED_MS || asked.has(row.source)
  }
}

/** Source hashes that the working tree and the remote's branches ask for. */
async function askedFor(options: KeptOptions): Promise<ReadonlySet<string>> {
  const { store, worktree } = options
  const asked = new Set(store.summaries.current())
  for (const [, , hash] of store.facts.definitions(worktree)) asked.add(hash)
  for (const hash of await hashesAtTips(options)) asked.add(hash)
  return asked
}

/** What the files at the tips of the remote's branches ask for, as far as this clone knows them. One git process a branch. */
async function hashesAtTips({ root, remote, signal }: KeptOptions): Promise<Set<string>> {
  const listed = await git(root, [
    ...['for-each-ref', '--sort=-committerdate', `--count=${MOST_TIPS}`, '--format=%(objectname)'],
    `refs/remotes/${remote}/`,
  ])
  const hashes = new Set<string>()
  for (const commit of new Set(listed.split('\n').filter(Boolean))) {
    const tree = await git(root, ['ls-tree', '-r', '-z', '--full-tree', commit], { signal })
    for (const entry of splitNul(tree)) {
      const [, blob, path] = /^100(?:644|755) blob (\w+)\t(.*)$/s.exec(entry) ?? []
      if (blob && path) hashes.add(fileSourceHash(blob, sourceLanguage({ path })))
    }
  }
  return hashes
}
