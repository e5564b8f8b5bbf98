import { blocking } from '../../../src/processes/blocking.ts'
import { parseReply } from '../parse-reply.ts'
import { usualPrompt } from '../prompts.ts'
import { sayApplied } from '../repair.ts'
import { newPath } from './apply-seen.ts'
import { changedPaths, endOf, type Step } from './state.ts'

/** Offers once the files that usually change too and that the model has not seen. A file that it saw and did not edit is not offered. */
export const complete: Step = async (state, { request, list, ask, stepsLeft, usuallyToo }) => {
  const created = state.applied.flatMap(newPath)
  const companions =
    state.isOffered || stepsLeft() < 2
      ? []
      : usuallyToo(changedPaths(state), created).filter(({ path }) => !state.seen.has(path))
  if (companions.length === 0) return endOf(state, 'done')
  state.isOffered = true
  const reply = await ask('complete', usualPrompt(request, changedPaths(state), companions))
  const more = reply.stop === 'done' ? (await blocking(() => parseReply(reply.content, list.listed))).looks : []
  if (more.length === 0 || stepsLeft() === 0) return endOf(state, 'done')
  Object.assign(state, { purpose: 'add', wanted: more, news: sayApplied(state.applied) })
  return 'edit'
}
