/** Runs shell commands that can write only in their working tree and see little else. */
export interface Cage {
  /** 'bubblewrap 0.11.0' */
  readonly name: string
  /** Environment variables that override those of its commands. */
  readonly env: Readonly<Record<string, string>>
  /** Whether it has its own temporary folder. */
  readonly hasTemporary: boolean
  /**
   * The program to start for a command. temporary: a writable folder beside the working tree, for a cage without its own temporary folder.
   */
  wrap(command: string, temporary: string | null): Wrapped
}

export interface Wrapped {
  readonly file: string
  readonly args: readonly string[]
  /** Written to the file descriptors from 3 on. */
  readonly texts: readonly (string | Buffer)[]
  /** Supervises the cage if the system cannot. Gets what the cage writes to the file descriptor after the texts. */
  readonly keeper?: (info: Promise<string>) => CageKeeper
}

export interface CageKeeper {
  /** Asks all its processes to end. */
  ask(): void
  /** Ends all its processes by SIGKILL. Repeat it until they are gone: one that is being started may be missed. */
  kill(): void
  /** Whether all its processes have ended; null: it has not started. */
  isGone(): boolean | null
  /** Why it must be ended now: 'it uses more than 12 GB of memory'; null: no reason. */
  excess(): Promise<string | null>
}

/** What the user allows checks to do. */
export interface CageSettings {
  readonly network: boolean
  readonly uncaged: boolean
  /** Absolute paths, or paths such as '~/data'. */
  readonly readable: readonly string[]
  /** Names of environment variables. */
  readonly env: readonly string[]
  /** Default: three quarters of the available memory. */
  readonly memoryMb?: number | undefined
  /** Processes and threads; default: 4,096. */
  readonly processes?: number | undefined
}

export const NOTHING_MORE: CageSettings = { network: false, uncaged: false, readable: [], env: [] }

/** Why there is no cage here, and how to get one; fix: null if that is impossible. */
export interface NoCage {
  readonly why: string
  readonly fix: string | null
  /**
   * The machine has a cage, but not for this working tree, or bwrap did not answer in time. Then no check runs: a repository could cause
   * this (by thousands of linked packages, for example).
   */
  readonly isOfTree?: boolean
}
