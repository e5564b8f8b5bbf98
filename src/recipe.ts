import type { PathKind } from './paths.ts'
import type { RepoPath } from './types.ts'

/** The kinds of kindOfPath(), with changelogs and their fragments separate from other prose. */
export type PlaceKind = PathKind | 'changelog'

/** How this repository is usually changed for one kind of task, with the commits that show it. */
export interface Recipe {
  /** Words from its commits: 'new command', 'driver'. */
  readonly name: string
  /**
   * What the commits have in common. 'kind': each adds another thing of one kind. 'word': their titles share a word. 'habit': each adds
   * something.
   */
  readonly by: 'kind' | 'word' | 'habit'
  /** The name of the kind, or the shared word; null for a habit. */
  readonly word: string | null
  /** What most of the mined commits changed, most frequent first. */
  readonly steps: readonly RecipeStep[]
  /** Newest first. All past additions whose titles match, also those it was not mined from; for a habit, all additions. */
  readonly commits: readonly RecipeCommit[]
  /** Mean number of source files that a mined commit modified. Created files do not count. */
  readonly sources: number
}

export interface RecipeStep {
  readonly kind: PlaceKind
  /** A file that exists, or a pattern: 'src/drivers/*.ts', 'cmd/<name>/<name>.go'. */
  readonly place: string
  readonly isPattern: boolean
  /** Only for a pattern: at least half of the commits created such a file, so the task should create one too. */
  readonly isNew: boolean
  /**
   * Only for a pattern: the newest existing file that shows it. If `isNew`, its commits created it; otherwise they changed it. null for
   * changelog fragments that a release has consumed.
   */
  readonly model: RepoPath | null
  /** How many commits of the recipe changed or created such a file that no other step covers. If `isNew`, only those that created one. */
  readonly held: number
  /** How many of `held` created it. */
  readonly created: number
  /**
   * `held` as a share of the mined commits, from 0 to 1. Older commits weigh less, and one commit without the step is added to the count
   * (Laplace smoothing).
   */
  readonly share: number
}

export interface RecipeCommit {
  readonly hash: string
  readonly subject: string
  /** Seconds since 1970. */
  readonly time: number
}
