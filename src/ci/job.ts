/** A job of CI that is for something else, with the reason in words. */
export interface Skipped {
  readonly kind: 'skipped'
  readonly why: string
}

/** A job for a pull request of the repository itself, never of a fork. */
export interface PullJob {
  readonly kind: 'pull'
  readonly number: number
  /** Commit of the branch that it is to be merged into. */
  readonly base: string
  /** Its newest commit; null: the job does not say. */
  readonly head: string | null
}

/** Somebody put a label on an issue. */
export interface LabelJob {
  readonly kind: 'label'
  readonly label: string
  readonly issue: { readonly number: number; readonly title: string; readonly body: string }
  readonly isOpen: boolean
  /** Who put it there. */
  readonly by: string
  readonly isByBot: boolean
  readonly defaultBranch: string
}

export const skipped = (why: string): Skipped => ({ kind: 'skipped', why })

export type Environment = Readonly<Record<string, string | undefined>>
