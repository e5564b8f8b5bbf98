import { mineRecipes } from '../recipes/mine-recipes.ts'
import { BRING_CONTENTS, missingContents } from '../repo/missing-contents.ts'
import { openRepo, type Repo } from '../repo/open-repo.ts'
import type { Store } from '../store/open-store.ts'
import { readAdditions } from './read-additions.ts'
import { headKnown } from './refresh-facts.ts'

export interface LearnOptions {
  readonly signal?: AbortSignal
  /** Milliseconds since 1970. */
  readonly clock?: () => number
}

export interface LearnedRecipes {
  /** 'known': they were mined at this HEAD before. 'interrupted': the earlier ones stay. */
  readonly state: 'mined' | 'known' | 'interrupted'
  readonly recipes: number
  /** Commits that they were mined from. */
  readonly additions: number
  /** Additions left out because this partial clone cannot show what they renamed. */
  readonly lacking: number
  readonly ms: number
}

/** The repository whose mainline is mined. */
type Mined = Pick<Repo, 'root' | 'head' | 'shallow'>

/** True if the recipes of a working tree were mined here, at this commit, by today's rules, and no content has arrived that was missing then. */
export async function areRecipesKnown(
  { root, head, shallow }: Mined,
  store: Store,
  worktree: number,
): Promise<boolean> {
  const mining = store.recipes.mining(worktree)
  if (mining?.head !== head || mining.shallow !== shallow || mining.version !== RECIPES_VERSION) return false
  if (mining.origin) return false
  return !mining.missing || (await missingContents(root, [mining.missing])).size > 0
}

/** Raise it when mining changes: recipes of other versions are mined anew. */
export const RECIPES_VERSION = 15

/**
 * Mines the recipes of a working tree if its HEAD has changed since they were mined. Needs facts that are up to date,
 * and no model.
 *
 * All recipes change in one transaction; an abort changes none. One git process, then under a second of work. Throws
 * GitError.
 */
export async function learnRecipes(repo: Mined, store: Store, options: LearnOptions = {}): Promise<LearnedRecipes> {
  const { signal, clock = Date.now } = options
  const started = performance.now()
  const { id: worktree } = store.facts.worktree(repo.root)
  const end = (state: LearnedRecipes['state'], lacking = 0): LearnedRecipes => ({
    state,
    recipes: store.recipes.count(worktree),
    additions: store.recipes.mining(worktree)?.additions ?? 0,
    lacking,
    ms: performance.now() - started,
  })
  if (await areRecipesKnown(repo, store, worktree)) return end('known')
  try {
    const { additions, missing } = await readAdditions(repo.root, repo.head, signal)
    const paths = new Set(store.facts.files(worktree).map(({ path }) => path))
    const recipes = mineRecipes(additions, paths)
    signal?.throwIfAborted()
    store.recipes.replace(
      worktree,
      {
        head: repo.head,
        shallow: repo.shallow,
        version: RECIPES_VERSION,
        additions: additions.length,
        missing: missing[0] ?? null,
        minedAt: clock(),
      },
      recipes,
    )
    return end('mined', missing.length)
  } catch (error) {
    if (signal?.aborted) return end('interrupted')
    throw error
  }
}

const MOST_OTHERS = 8 // working trees; each takes up to a second

/**
 * Mines recipes for other working trees of the repository whose HEAD cannot see where recipes were mined. Each is mined
 * at the commit of its facts. Returns the number of trees. Ends early if the signal is aborted. Throws GitError.
 */
export async function learnRecipesElsewhere(
  { root, commonDir, shallow }: Pick<Repo, 'root' | 'commonDir' | 'shallow'>,
  store: Store,
  options: LearnOptions = {},
): Promise<number> {
  let mined = 0
  for (const other of store.facts.worktrees()) {
    if (other.root === root || mined === MOST_OTHERS) continue
    const head = headKnown(store, other.root)
    if (head === null || store.recipes.holdingIn(other.id) !== null) continue
    const isOfRepository = await openRepo(other.root).then(
      (repo) => repo.commonDir === commonDir,
      () => false, // it is gone or cannot be read
    )
    if (!isOfRepository) continue
    const { state } = await learnRecipes({ root: other.root, head, shallow }, store, options)
    if (state === 'interrupted') break
    if (state === 'mined') mined++
  }
  return mined
}

/** The note on additions that are left out; '' if there are none. */
export function leftOut({ lacking }: Pick<LearnedRecipes, 'lacking'>): string {
  return lacking === 0 ? '' : `; ${lacking} left out whose contents are not in this clone (${BRING_CONTENTS})`
}
