import type { Project } from './project.ts'

/** A command that checks a project, and where it was found. */
export interface CheckCommand {
  readonly command: string
  /** 'package.json, scripts.test'. */
  readonly from: string
  /** Programs that it needs: names, or paths relative to the project's top folder. Default: the first word of the command. */
  readonly needs?: readonly string[]
}

/** Ways to run one check, best first. The first one whose programs are installed is used. */
export type CheckWays = readonly CheckCommand[]

export interface KindChecks {
  readonly checks: readonly CheckWays[]
  /** Other commands that check something; they are only listed. */
  readonly also?: readonly CheckWays[]
}

/** Finds the tests of one kind of project. */
export interface CheckKind {
  readonly id: string
  /** null: not a project of this kind. */
  find(project: Project): KindChecks | null
}
