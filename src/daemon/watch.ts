import type { RepoPath } from '../types.ts'

export interface WatchEvents {
  /** Something changed at or below a path; '' is not known where. What it is now is asked of git. */
  onChange(path: RepoPath): void
  onTrouble(error: Error): void
}

export interface OpenWatch {
  /** How many watches of the system it holds. */
  readonly watches: number
  close(): Promise<void>
}
