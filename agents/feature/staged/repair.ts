import { NAME_STRONGER } from '../../../src/loop/run-agent.ts'
import { fixOfProtected } from '../protected-changes.ts'
import { isAllProtected, lookInto, sayRefused } from '../repair.ts'
import { writeEdit } from '../write-edit.ts'
import { isFailed } from './fails.ts'
import { endOf, type Step } from './state.ts'

const MOST_REPAIRS = 3 // replies whose edits are refused

/** Prepares the call that sends back the faulty parts of a reply, and nothing else of it. */
export const repair: Step = async (state) => {
  const { refused, unread, unreadText, missing } = state.faulty!
  const { edits, problems } = refused
  state.faulty = null
  const [worst] = [...unread, ...problems.map(({ message }) => message)]
  if (++state.repairs > MOST_REPAIRS)
    return endOf(
      state,
      state.checks.some(isFailed) ? 'checks-failed' : 'out-of-turns',
      `edits were refused: ${worst}`,
      isAllProtected(problems)
        ? fixOfProtected([...new Set(problems.map(({ path }) => path))])
        : `run it again, or ${NAME_STRONGER}`,
    )
  state.purpose = 'repair'
  state.refused = refused
  state.doubted.clear()
  for (const { edit, path, isSyntax } of problems)
    if (isSyntax) state.doubted.set(path, new Set([...(state.doubted.get(path) ?? []), writeEdit(edits[edit]!)]))
  state.news = sayRefused(state.applied, unread, refused, unreadText)
  const before = new Map(edits.flatMap((one) => (one.kind === 'rename' ? [[one.to, one.path]] : [])))
  // unparsed parts, and at first the lines around an error of syntax, are quoted in `news`, so their files need not be shown
  const unclear = problems.filter(({ isSyntax }) => !isSyntax || state.repairs > 1)
  const atFault = new Set(unclear.map(({ path }) => before.get(path) ?? path).filter((path) => state.seen.has(path)))
  state.wanted = [...missing, ...state.looked.flatMap((one) => lookInto(one, atFault))]
  state.looked = [...state.looked, ...missing]
  return 'edit'
}
