import { complete } from './complete.ts'
import { edit } from './edit.ts'
import { fix } from './fix.ts'
import { look } from './look.ts'
import { repair } from './repair.ts'
import { newState, type StagedOptions, type StagedResult, type Step, type StepName } from './state.ts'

const STEPS: Readonly<Record<StepName, Step>> = { look, edit, repair, fix, complete }

/**
 * Low effort: few calls, each with a prompt made from scratch. The first call names what must be seen; it is saved if that is almost
 * certain. The second call replies with all edits. It may also name what is missing, and then the next call shows only that. After a
 * refusal only the faulty edits go back, after a failed check only its output. Files that usually change too and that were not shown are
 * offered once. Only files that were shown may be edited.
 */
export async function runStaged(options: StagedOptions): Promise<StagedResult> {
  const state = newState()
  let next: StepName | StagedResult = 'look'
  while (typeof next === 'string') next = await STEPS[next](state, options)
  return next
}
