import { type LoopReply, NAME_LONGER } from '../../../src/loop/run-agent.ts'
import type { CheckResult, Edit, Message, RepoPath, StopReason } from '../../../src/types.ts'
import type { FirstList } from '../first-list.ts'
import type { Look } from '../parse-looks.ts'
import type { RefusedBatch } from '../repair.ts'
import type { UsualCompanion } from '../usual-companions.ts'
import type { Workspace } from '../workspace.ts'
import { newPath } from './apply-seen.ts'

export interface StagedOptions {
  readonly request: string
  readonly list: FirstList
  /** What an earlier run for this request asked to see; it is shown at once. */
  readonly plan?: readonly string[] | undefined
  readonly workspace: Workspace
  readonly ask: (purpose: string, messages: readonly Message[]) => Promise<LoopReply>
  /** Calls that are left of the run's limit. */
  readonly stepsLeft: () => number
  /** Runs the configured checks on the working tree; the syntax of the files in `doubted` is one of them. */
  readonly check: () => Promise<readonly CheckResult[]>
  /** Filled with files that do not parse and that the model sent again unchanged: their syntax may be newer than the grammar. */
  readonly doubted: Set<RepoPath>
  /** Files that usually change with these and were not changed. */
  readonly usuallyToo: (changed: readonly RepoPath[], created: readonly RepoPath[]) => readonly UsualCompanion[]
  readonly relevantOutput: (output: string) => string
  readonly note: (event: string, data: object) => void
}

export interface StagedResult {
  readonly stop: StopReason
  /** Results of the last run of the checks. If the agent did not finish, edits may have been made since. [] if none ran. */
  readonly checks: readonly CheckResult[]
  /** Everything that the agent asked to see, in order. `opened` is the same in words: 'src/a.ts#f', 'search x in y'. */
  readonly looked: readonly Look[]
  readonly opened: readonly string[]
  readonly notes: readonly string[]
  /** Why the agent did not finish; absent if it did. */
  readonly reason?: string
  /** What the user can do about that. */
  readonly fix?: string
}

/** What a run with low effort has done so far, and what its next call will show. Each step changes it. */
export interface StagedState {
  /** Purpose of the next call. */
  purpose: 'edit' | 'add' | 'repair' | 'fix'
  /** The list of files, if the next call shows it; else ''. */
  pack: string
  /** What the next call shows. */
  wanted: readonly Look[]
  /** What was shown by the last call that was not a repair. */
  looked: readonly Look[]
  /** What the next call says about the one before it. */
  news: string
  /** Refused edits that the model shall send again, corrected. */
  refused: RefusedBatch | null
  /** The faulty reply, from the step `edit` to the step `repair`. */
  faulty: Faulty | null
  checks: readonly CheckResult[]
  /** Whether the checks ran on the present files. */
  isChecked: boolean
  /** Whether the files that usually change too have been offered. */
  isOffered: boolean
  /** Whether a short call has asked if the notes of a reply say that nothing is to be changed. */
  hasAskedAboutNotes: boolean
  /** Number of rounds so far. */
  opens: number
  repairs: number
  fixes: number
  /** Replies in a row without any edit or wish. */
  idle: number
  readonly applied: Edit[]
  /** Everything that was shown, by its name. */
  readonly opened: Map<string, Look>
  readonly notes: string[]
  readonly seen: Set<RepoPath>
  /** Files whose imports were shown. */
  readonly imported: Set<RepoPath>
  /** By file: the edits after which it did not parse. */
  readonly doubted: Map<RepoPath, ReadonlySet<string>>
  /** Files of `doubted` whose edits were all sent again unchanged. */
  readonly meant: Set<RepoPath>
}

/** A reply of which no edit was applied. */
export interface Faulty {
  readonly refused: RefusedBatch
  /** Why parts of the reply could not be parsed. `unreadText` has these parts. */
  readonly unread: readonly string[]
  readonly unreadText: string
  /** What the reply also asked to see. */
  readonly missing: readonly Look[]
}

export type StepName = 'look' | 'edit' | 'repair' | 'fix' | 'complete'

/** One step of a run with low effort. It changes the state, and returns the next step or the end of the run. */
export type Step = (state: StagedState, options: StagedOptions) => Promise<StepName | StagedResult>

export function newState(): StagedState {
  return {
    ...{ purpose: 'edit', pack: '', wanted: [], looked: [], news: '', refused: null, faulty: null },
    ...{
      checks: [],
      isChecked: false,
      isOffered: false,
      hasAskedAboutNotes: false,
      opens: 0,
      repairs: 0,
      fixes: 0,
      idle: 0,
    },
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

/** The end of a run in which the model gave no usable reply. */
export function failedEnd(state: StagedState, reply: LoopReply): StagedResult {
  const why =
    reply.stop === 'length' ? 'the reply was cut off by the output limit of the model' : 'the reply cannot be used'
  if (reply.stop === 'aborted') return endOf(state, 'interrupted', reply.message)
  return endOf(state, reply.ends ?? 'model-failed', reply.message ?? why, reply.fix ?? NAME_LONGER)
}

/** The end of a run in which the model says that information is missing. */
export function lackingEnd(state: StagedState, what: string): StagedResult {
  return endOf(state, 'out-of-turns', `the model needs more: ${what}`, 'say it in the request, and ask again')
}

/** The end of a run in which the model says that nothing is to be changed. */
export function nothingEnd(state: StagedState, why: string): StagedResult {
  return endOf(state, 'nothing-to-change', why, FIX_OF_NOTHING)
}

export const FIX_OF_NOTHING = 'if it is not there, say what should be different afterwards'

export function changedPaths({ applied }: StagedState): readonly RepoPath[] {
  return [...new Set(applied.map((edit) => newPath(edit)[0] ?? edit.path))]
}

export function openWhole(path: RepoPath): Look {
  return { kind: 'open', path }
}
