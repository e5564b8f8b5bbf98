import type { RepoPath } from '../types.ts'

export interface WatchEvents {
  /** Something changed at or below a path; '' if unknown. git gives the present state. */
  onChange(path: RepoPath): void
  onTrouble(error: Error): void
}

export interface OpenWatch {
  /** Number of system watches that it holds. */
  readonly watches: number
  close(): Promise<void>
}
