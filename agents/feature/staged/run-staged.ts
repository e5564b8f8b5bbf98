import { complete } from './complete.ts'
import { edit } from './edit.ts'
import { fix } from './fix.ts'
import { look } from './look.ts'
import { repair } from './repair.ts'
import { newState, type StagedOptions, type StagedResult, type Step, type StepName } from './state.ts'

const STEPS: Readonly<Record<StepName, Step>> = { look, edit, repair, fix, complete }

/**
 * Low effort: few calls, each with a prompt made anew. One call names what must be seen, unless it is as good as known; one replies
 * with all edits, and may ask for what is missing; then only what it names is shown. Of refused edits only those at fault go back, of
 * failed checks what they say. What is usually changed too and was not even seen is offered once. Only files that were shown may be edited.
 */
export async function runStaged(options: StagedOptions): Promise<StagedResult> {
  const state = newState()
  let next: StepName | StagedResult = 'look'
  while (typeof next === 'string') next = await STEPS[next](state, options)
  return next
}
