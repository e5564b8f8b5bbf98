import type { Request } from '../request/read-request.ts'
import type { WorkingTree } from '../retrieve/signal.ts'
import type { RepoPath } from '../types.ts'

export interface Ranking {
  /** Best first, files of every kind. */
  readonly files: readonly RepoPath[]
  /** Files that the arm would name to an agent. */
  readonly named: readonly RepoPath[]
  /** Probability that each listed file is changed, from 0 to 1, if the arm gives one. */
  readonly probability?: ReadonlyMap<RepoPath, number>
}

/** One way to find the files of a request. Its only inputs are the request and the past state. */
export interface Arm {
  readonly id: string
  /** One line, for reports and --help. */
  readonly text: string
  /** past: the facts of a past commit: its files, and the history that it can see. */
  rank(request: Request, past: WorkingTree): Ranking
}
