import { fixOfRefused } from '../checking.ts'
import { sayApplied } from '../repair.ts'
import { SYNTAX } from '../syntax-check.ts'
import { FIX_OF_CHECKS, isFailed, isRefused, sayFails } from './fails.ts'
import { changedPaths, endOf, openWhole, type Step } from './state.ts'

const FIX_OF_SYNTAX =
  'if the syntax is right, ask again with a --check that compiles it; otherwise mend the result by hand'
const MOST_FIXES = 2 // rounds with failed checks

/** Runs the checks. If one fails, prepares the call that shows its output and the changed files. */
export const fix: Step = async (state, { check, relevantOutput }) => {
  if (!state.isChecked) state.checks = await check()
  state.isChecked = true
  const { checks, wanted, applied } = state
  if (checks.some(({ status }) => status === 'interrupted')) return endOf(state, 'interrupted')
  const unrun = checks.find(isRefused)
  if (unrun) return endOf(state, 'checks-failed', unrun.output, fixOfRefused(unrun))
  const broken = checks.find(isFailed)
  if (!broken) return 'complete'
  if (broken.check === SYNTAX) return endOf(state, 'checks-failed', sayFails(broken), FIX_OF_SYNTAX)
  if (++state.fixes > MOST_FIXES) return endOf(state, 'checks-failed', sayFails(broken), FIX_OF_CHECKS)
  const changed = new Set(changedPaths(state))
  const about = wanted.filter((one) => one.kind === 'open' && changed.has(one.path))
  const unseen = [...changed].filter((path) => !about.some((one) => one.kind === 'open' && one.path === path))
  const before = broken.failedBefore
    ? ' (it fails without the edits too: if that is not to be mended here, reply only "complete")'
    : ''
  state.wanted = [...about, ...unseen.map(openWhole)]
  state.purpose = 'fix'
  state.news = `${sayApplied(applied)}\n\nThe check "${broken.check}" fails${before}:\n${relevantOutput(broken.output)}\n\nSend only the further edits that mend it.`
  return 'edit'
}
