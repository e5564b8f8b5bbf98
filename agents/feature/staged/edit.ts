import { IDLE_REASON, MOST_IDLE, NAME_STRONGER } from '../../../src/loop/run-agent.ts'
import { blocking } from '../../../src/processes/blocking.ts'
import type { Edit } from '../../../src/types.ts'
import { searchName } from '../find-hits.ts'
import type { Look } from '../parse-looks.ts'
import { type ParsedReply, parseReply } from '../parse-reply.ts'
import { editPrompt, noEditPrompt } from '../prompts.ts'
import { isAllProtected, mergeRepair, type RefusedBatch, sayApplied } from '../repair.ts'
import { show } from '../show.ts'
import { withWholePath } from '../whole-path.ts'
import { writeEdit } from '../write-edit.ts'
import { applySeen, newPath } from './apply-seen.ts'
import { FIX_OF_CHECKS, isFailed, sayFails } from './fails.ts'
import {
  endOf,
  failedEnd,
  lackingEnd,
  nothingEnd,
  type StagedOptions,
  type StagedResult,
  type StagedState,
  type Step,
} from './state.ts'

const MOST_OPENS = 4 // rounds
const NO_EDIT =
  'Your reply held no edit in the form asked for. If the repository does already what is asked, reply only with: @@ nothing-to-change where it is'

/** Shows `state.wanted`, asks for edits, and applies all edits of the reply, or none. The next call shows what the reply asks to see. */
export const edit: Step = async (state, options) => {
  const shown = await showWanted(state, options)
  const { request, list, workspace, ask, stepsLeft, note } = options
  const mayAsk = state.opens < MOST_OPENS && stepsLeft() > 1
  const { pack, news } = state
  const reply = await ask(state.purpose, editPrompt({ request, pack, shown, news }, mayAsk))
  state.pack = ''
  if (reply.stop !== 'done') return failedEnd(state, reply)
  const read = await blocking(() => parseReply(reply.content, list.listed))
  const sent = await Promise.all(read.edits.map((one) => withWholePath(one, state.seen)))
  for (const note of read.notes) state.notes.push(note)
  if (read.notEnough !== null) return lackingEnd(state, read.notEnough)
  const missing = mayAsk ? read.looks : []
  if (sent.length === 0 && read.problems.length === 0) {
    if (missing.length > 0) return askMore(state, missing)
    const ends = (await endIfNothingToChange(state, options, read, reply.content)) ?? withoutEdits(state, reply.content)
    if (ends) return ends
  }
  state.idle = 0

  const batch: readonly Edit[] = state.refused ? mergeRepair(state.refused, sent) : sent
  const again = new Set(sent.map(writeEdit))
  for (const [path, edits] of state.doubted) if ([...edits].every((one) => again.has(one))) state.meant.add(path)
  const problems = read.problems.length > 0 ? [] : await applySeen(batch, workspace, state.seen, state.meant)
  if (read.problems.length + problems.length > 0) {
    note('refused', { problems: [...read.problems, ...problems] })
    const refused: RefusedBatch = { edits: batch, problems }
    state.faulty = { refused, unread: read.problems, unreadText: read.unread.join('\n\n'), missing }
    return 'repair'
  }
  accept(state, options, batch)
  if (missing.length === 0) return 'fix'
  Object.assign(state, { purpose: 'add', wanted: missing, news: sayApplied(state.applied) })
  state.opens++
  return 'edit'
}

async function showWanted(state: StagedState, { list, workspace, note }: StagedOptions): Promise<string> {
  for (const look of state.wanted) if (!state.opened.has(lookName(look))) state.opened.set(lookName(look), look)
  const { isGenerated, namesLike } = list
  const shown = await show(state.wanted, workspace, {
    ...{ words: list.rarity, imported: state.imported, isGenerated, namesLike },
  })
  state.wanted = shown.looks
  for (const path of shown.imported) state.imported.add(path)
  for (const path of shown.paths) state.seen.add(path)
  note('shown', { looks: state.wanted.map(lookName), paths: shown.paths })
  if (state.wanted.length > 0 && state.purpose !== 'repair') state.looked = state.wanted
  return shown.text
}

function askMore(state: StagedState, missing: readonly Look[]): 'edit' {
  state.wanted = missing
  if (state.purpose === 'repair') state.looked = [...state.looked, ...missing]
  state.opens++
  state.idle = 0
  return 'edit'
}

/**
 * The end of the run if a reply without edits says that nothing is to be changed; else null. If the reply has only notes, a short call asks
 * once whether they say so.
 */
async function endIfNothingToChange(
  state: StagedState,
  { request, list, ask, stepsLeft }: StagedOptions,
  { nothingToChange, notes }: ParsedReply,
  content: string,
): Promise<StagedResult | null> {
  if (state.applied.length > 0 || state.purpose === 'fix') return null
  if (nothingToChange !== null) return nothingEnd(state, nothingToChange)
  if (state.hasAskedAboutNotes || state.refused || !isOnlyNotes(content) || stepsLeft() < 2) return null
  state.hasAskedAboutNotes = true
  const reply = await ask('no-edit', noEditPrompt(request, notes))
  if (reply.stop !== 'done') return failedEnd(state, reply)
  const { nothingToChange: why } = await blocking(() => parseReply(reply.content, list.listed))
  return why === null ? null : nothingEnd(state, why)
}

/** The end or the next step after a reply without edits; null: the reply says that no further edit is needed. */
function withoutEdits(state: StagedState, content: string): ReturnType<typeof endOf> | 'edit' | null {
  const { purpose, refused, checks } = state
  if (purpose === 'fix') return endOf(state, 'checks-failed', sayFails(checks.find(isFailed)), FIX_OF_CHECKS)
  if (purpose !== 'edit' && (purpose !== 'repair' || leavesOut(content, refused))) return null
  if (++state.idle === MOST_IDLE) return endOf(state, 'out-of-turns', IDLE_REASON, NAME_STRONGER)
  state.news = NO_EDIT
  return 'edit'
}

function accept(state: StagedState, { doubted, note }: StagedOptions, batch: readonly Edit[]): void {
  state.refused = null
  for (const path of state.meant) doubted.add(path)
  state.doubted.clear()
  state.meant.clear()
  if (batch.length === 0) return
  state.applied.push(...batch)
  for (const path of batch.flatMap(newPath)) state.seen.add(path)
  state.isChecked = false
  note('applied', { edits: batch.length })
}

/** Whether a reply without edits gives up the refused ones: by the word 'complete', or by a note alone if all of them are protected. */
function leavesOut(reply: string, refused: RefusedBatch | null): boolean {
  return (
    /^\W*complete\W*$/i.test(withoutNotes(reply)) || (isOnlyNotes(reply) && isAllProtected(refused?.problems ?? []))
  )
}

function withoutNotes(reply: string): string {
  return reply.replace(/^@@ note .*$/gm, '')
}

function isOnlyNotes(reply: string): boolean {
  const rest = withoutNotes(reply)
  return rest !== reply && rest.trim() === ''
}

function lookName(look: Look): string {
  if (look.kind === 'search') return searchName(look)
  return look.symbol
    ? `${look.path}#${look.symbol}`
    : look.lines
      ? `${look.path}:${look.lines.first}-${look.lines.last}`
      : look.path
}
