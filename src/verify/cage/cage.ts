/** A way to run shell commands that write nowhere but in their working tree, and see little else. */
export interface Cage {
  /** 'bubblewrap 0.11.0' */
  readonly name: string
  /** What its commands get beside their environment, in place of what they have. */
  readonly env: Readonly<Record<string, string>>
  /** Whether it has a folder for temporary files of its own. */
  readonly hasTemporary: boolean
  /** What to start for a command. temporary: where it may write beside the working tree, if the cage has no such folder. */
  wrap(command: string, temporary: string | null): Wrapped
}

export interface Wrapped {
  readonly file: string
  readonly args: readonly string[]
  /** Written to the file descriptors from 3 on. */
  readonly texts: readonly (string | Buffer)[]
  /** How to look after it, where the system's own means do not; gets what it writes to the file descriptor after those. */
  readonly keeper?: (told: Promise<string>) => Keeper
}

export interface Keeper {
  /** Asks all processes in it to end. */
  ask(): void
  /** Whether none is left that could do anything; null: not known. */
  isGone(): boolean | null
  /** Why it is to be ended at once: 'it uses more than 12 GB of memory'; null: no reason. */
  excess(): Promise<string | null>
}

/** What the user allows checks. */
export interface CageSettings {
  readonly network: boolean
  readonly uncaged: boolean
  /** Absolute paths, or such as '~/data'. */
  readonly readable: readonly string[]
  /** Names of environment variables. */
  readonly env: readonly string[]
  /** Default: three quarters of what there is. */
  readonly memoryMb?: number | undefined
  /** Processes and threads; default: 4,096. */
  readonly processes?: number | undefined
}

export const NOTHING_MORE: CageSettings = { network: false, uncaged: false, readable: [], env: [] }

/** Why there is no cage here, and what gives one; fix: null where nothing does. */
export interface NoCage {
  readonly why: string
  readonly fix: string | null
}
