import { blocking } from '../processes/blocking.ts'
import type { Recipe } from '../recipe.ts'
import { recipeFor } from '../recipes/recipe-for.ts'
import { recipeLine } from '../recipes/recipe-line.ts'
import type { Request } from '../request/read-request.ts'
import type { RankedFile } from '../retrieve/name-files.ts'
import type { Store } from '../store/open-store.ts'
import { summaryReader } from '../summary/summary-reader.ts'
import type { RepoPath } from '../types.ts'
import { findFiles, withOthers } from './find-files.ts'
import { layOutPack, type Pack } from './lay-out-pack.ts'
import { withFilesToRead } from './to-read.ts'

export interface PackOptions {
  /** Top folder of the working tree; the texts of a dozen files are read there. */
  readonly root: string
  readonly worktree: number
  readonly budgetTokens: number
  /** Chooses among the ranked files, as a model does. Left out, or null returned: they stay as they are. */
  readonly choose?: (ranked: readonly RankedFile[]) => Promise<readonly RankedFile[] | null>
  /** Numbers the files of the pack. Left out: they have no numbers. */
  readonly numberOf?: (path: RepoPath) => number
}

export interface MadePack extends Pack {
  /**
   * How the repository is usually changed for such a request. null: not known, or the request is a question that a
   * recipe does not answer.
   */
  readonly recipe: Recipe | null
  /** The recipe as one line, which the pack holds if it fits. */
  readonly recipeLine: string | null
}

/**
 * Makes the pack for a request from the facts of the last refresh. All callers use this function: it is the only way to
 * a pack. Ranks files, lets `choose` choose among them, finds the recipe, and lays both out within the budget.
 * Everything but the texts of a dozen files comes from the index.
 */
export async function makePack(request: Request, store: Store, options: PackOptions): Promise<MadePack> {
  const { root, worktree, budgetTokens, choose, numberOf } = options
  const ranked = await blocking(() => withOthers(store, worktree, findFiles(store, worktree, request)))
  const chosen = (choose && ranked.length > 0 && (await choose(ranked))) || ranked
  const isAnswer = !request.isQuestion || request.asksHowAdded // a recipe answers no other question
  const recipe = isAnswer ? recipeFor(store, worktree, request) : null
  const line = recipe && recipeLine(recipe, request.title)
  const layOut = {
    ...{ root, worktree, budgetTokens, numberOf, summaryOf: summaryReader(store, worktree) },
    ...{ files: withFilesToRead(chosen, recipe), recipe: line },
  }
  const pack = await blocking(() => layOutPack(request, store, layOut))
  return { ...pack, recipe, recipeLine: line }
}
