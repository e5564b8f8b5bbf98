import type { Project } from './project.ts'

/** A command that checks a project, and what says so. */
export interface CheckCommand {
  readonly command: string
  /** 'package.json, scripts.test'. */
  readonly from: string
  /** Programs that it needs: names, or paths from the top of the project. Default: the first word of the command. */
  readonly needs?: readonly string[]
}

/** Ways to run one check, the best first: the first one whose programs are here is taken. */
export type CheckWays = readonly CheckCommand[]

export interface KindChecks {
  readonly checks: readonly CheckWays[]
  /** Further commands that check something; they are only named. */
  readonly also?: readonly string[]
}

/** How projects of one kind say how they are tested. */
export interface CheckKind {
  readonly id: string
  /** null: it is no such project. */
  find(project: Project): KindChecks | null
}
