import type { PathKind } from './paths.ts'
import type { RepoPath } from './types.ts'

/** As kindOfPath tells it, changelogs and their fragments told apart from other prose. */
export type PlaceKind = PathKind | 'changelog'

/** How this repository is changed to do a kind of thing, with the commits that show it. */
export interface Recipe {
  /** In the words of its commits: 'new command', 'driver'. */
  readonly name: string
  /** What its commits share: each adds another one of a kind, a word of their titles, or only that they add something. */
  readonly by: 'kind' | 'word' | 'habit'
  /** The term of that kind, or that word; null of a habit. */
  readonly word: string | null
  /** What most of those changed that it was mined from, the most frequent first. */
  readonly steps: readonly RecipeStep[]
  /** Newest first: the past additions whose titles mean it, whether or not it was mined from them; of a habit, all. */
  readonly commits: readonly RecipeCommit[]
  /** How many source files those changed, in the mean, that it was mined from; those that they made do not count. */
  readonly sources: number
}

export interface RecipeStep {
  readonly kind: PlaceKind
  /** A file that exists, or a pattern: 'src/drivers/*.ts', 'cmd/<name>/<name>.go'. */
  readonly place: string
  readonly isPattern: boolean
  /** Of a pattern: half of the commits or more made such a file, so that another is to be made. */
  readonly isNew: boolean
  /** Of a pattern: the newest file that shows it, exists, and was made by its commits, or changed where none is to be made; null for fragments of a changelog that a release has taken. */
  readonly model: RepoPath | null
  /** Commits of the recipe that changed or made such a file, one that no other step tells; of what is to be made anew, that made one. */
  readonly held: number
  /** Of them, those that made it. */
  readonly created: number
  /** The same as a share of those that it was mined from, old ones counting less, and one more that held nothing: from 0 to 1. */
  readonly share: number
}

export interface RecipeCommit {
  readonly hash: string
  readonly subject: string
  /** Seconds since 1970. */
  readonly time: number
}
