import type { Request } from '../request/read-request.ts'
import type { State } from '../retrieve/signal.ts'
import type { RepoPath } from '../types.ts'

export interface Ranking {
  /** Best first, files of every kind. */
  readonly files: readonly RepoPath[]
  /** What the arm would name to an agent. */
  readonly named: readonly RepoPath[]
  /** How likely each listed file is to be changed, from 0 to 1, if the arm says so. */
  readonly probability?: ReadonlyMap<RepoPath, number>
}

/** One way to find the files of a request. It knows the request and the past state, nothing else. */
export interface Arm {
  readonly id: string
  /** One line, for reports and --help. */
  readonly text: string
  /** past: the facts of a past commit: its files, and of the history only what it can see. */
  rank(request: Request, past: State): Ranking
}
