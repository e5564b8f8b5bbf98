import { type Asked, NAME_LONGER } from '../../../src/loop/run-agent.ts'
import type { CheckResult, Edit, Message, RepoPath, StopReason } from '../../../src/types.ts'
import type { FirstLook } from '../first-look.ts'
import type { Look } from '../parse-looks.ts'
import type { Refused } from '../repair.ts'
import type { Companion } from '../usual-companions.ts'
import type { Workspace } from '../workspace.ts'
import { newPath } from './apply-seen.ts'

export interface StagedOptions {
  readonly request: string
  readonly look: FirstLook
  /** What an earlier run for this request asked to see; it is shown at once. */
  readonly plan?: readonly string[] | undefined
  readonly workspace: Workspace
  readonly ask: (purpose: string, messages: readonly Message[]) => Promise<Asked>
  /** Calls that are left of the run's limit. */
  readonly stepsLeft: () => number
  /** Runs the configured checks on the working tree; the syntax of the files in `doubted` is one of them. */
  readonly check: () => Promise<readonly CheckResult[]>
  /** Gets the files that the parser did not understand, and the model sent again as they were. */
  readonly doubted: Set<RepoPath>
  /** Files that are usually changed with these, and were not. */
  readonly usuallyToo: (changed: readonly RepoPath[], created: readonly RepoPath[]) => readonly Companion[]
  readonly relevantOutput: (output: string) => string
  readonly note: (event: string, data: object) => void
}

export interface StagedResult {
  readonly stop: StopReason
  /** Of the last time they ran; where it did not finish, edits may have been made since. [] when none ran. */
  readonly checks: readonly CheckResult[]
  /** Everything that it asked to see, in order; and the same in words: 'src/a.ts#f', 'search x in y'. */
  readonly looked: readonly Look[]
  readonly opened: readonly string[]
  readonly notes: readonly string[]
  /** Why it did not finish, where it did not. */
  readonly reason?: string
  /** What the user can do about that. */
  readonly fix?: string
}

/** What a low run has done so far, and what its next call is to show. Each step changes it. */
export interface StagedState {
  /** What the next call is for. */
  purpose: 'edit' | 'add' | 'repair' | 'fix'
  /** The list of files, where the next call shows it. */
  pack: string
  /** What the next call shows. */
  wanted: readonly Look[]
  /** What the last call showed that was not a repair. */
  looked: readonly Look[]
  /** What the next call says of the one before it. */
  news: string
  /** Edits that were refused, and are to be sent again. */
  refused: Refused | null
  /** The same with what could not be read, from the edit to its repair. */
  faulty: Faulty | null
  checks: readonly CheckResult[]
  /** Whether the checks ran on the files as they are. */
  isChecked: boolean
  /** Whether files that are usually changed too have been offered. */
  isOffered: boolean
  /** Rounds so far. */
  opens: number
  repairs: number
  fixes: number
  /** Replies in a row that held nothing. */
  idle: number
  readonly applied: Edit[]
  /** Everything that was shown, by its name. */
  readonly opened: Map<string, Look>
  readonly notes: string[]
  readonly seen: Set<RepoPath>
  /** Files whose imports were shown. */
  readonly imported: Set<RepoPath>
  /** Edits after which the parser did not understand a file, by the file. */
  readonly doubted: Map<RepoPath, ReadonlySet<string>>
  /** Files whose edits of that kind were all sent again unchanged. */
  readonly meant: Set<RepoPath>
}

/** A reply of which nothing is applied. */
export interface Faulty {
  readonly refused: Refused
  /** Why parts of it could not be read, and those parts. */
  readonly unread: readonly string[]
  readonly unreadText: string
  /** What it asked to see as well. */
  readonly missing: readonly Look[]
}

export type StepName = 'look' | 'edit' | 'repair' | 'fix' | 'complete'

/** One step of a low run: changes the state, and names the next step, or ends the run. */
export type Step = (state: StagedState, options: StagedOptions) => Promise<StepName | StagedResult>

export function newState(): StagedState {
  return {
    ...{ purpose: 'edit', pack: '', wanted: [], looked: [], news: '', refused: null, faulty: null },
    ...{ checks: [], isChecked: false, isOffered: false, opens: 0, repairs: 0, fixes: 0, idle: 0 },
    ...{
      applied: [],
      opened: new Map(),
      notes: [],
      seen: new Set(),
      imported: new Set(),
      doubted: new Map(),
      meant: new Set(),
    },
  }
}

export function endOf(
  { checks, opened, notes }: StagedState,
  stop: StopReason,
  reason?: string,
  fix?: string,
): StagedResult {
  return { stop, checks, looked: [...opened.values()], opened: [...opened.keys()], notes, reason, fix }
}

/** The end where the model gave no usable reply. */
export function failedEnd(state: StagedState, reply: Asked): StagedResult {
  const cut = reply.stop === 'length' ? 'the reply was cut off by the output limit of the model' : undefined
  if (reply.stop === 'aborted') return endOf(state, 'interrupted', reply.message)
  return endOf(state, reply.ends ?? 'model-failed', reply.message ?? cut, reply.fix ?? NAME_LONGER)
}

/** The end where the model says what it lacks. */
export function lackingEnd(state: StagedState, what: string): StagedResult {
  return endOf(state, 'out-of-turns', `the model needs more: ${what}`, 'say it in the request, and ask again')
}

export function changedPaths({ applied }: StagedState): readonly RepoPath[] {
  return [...new Set(applied.map((edit) => newPath(edit)[0] ?? edit.path))]
}

export function openWhole(path: RepoPath): Look {
  return { kind: 'open', path }
}
