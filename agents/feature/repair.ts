import { cutLine } from '../../src/edit/cut-line.ts'
import type { EditProblem } from '../../src/edit/plan-edits.ts'
import type { Edit, RepoPath } from '../../src/types.ts'
import type { Look } from './parse-looks.ts'
import { headerPath } from './quoted-paths.ts'
import { writeEdit } from './write-edit.ts'

/** A batch of edits of which none was applied, and its problems. */
export interface RefusedBatch {
  readonly edits: readonly Edit[]
  readonly problems: readonly EditProblem[]
}

/** The refused batch with its faulty edits replaced by the new ones. Edits that were sent again unchanged are not doubled. */
export function mergeRepair({ edits, problems }: RefusedBatch, sent: readonly Edit[]): Edit[] {
  const faulty = new Set(problems.map(({ edit }) => edit))
  const kept = new Set(edits.filter((_, i) => !faulty.has(i)).map(writeEdit))
  const corrected = sent.filter((edit) => !kept.has(writeEdit(edit)))
  const first = Math.min(...faulty)
  if (faulty.size === 0) {
    const places = new Set(corrected.map(placeOfEdit))
    return [...edits.filter((edit) => !places.has(placeOfEdit(edit))), ...corrected]
  }
  return edits.flatMap((edit, i) => [...(i === first ? corrected : []), ...(faulty.has(i) ? [] : [edit])])
}

/** A key that is equal for two versions of the same edit. */
function placeOfEdit(edit: Edit): string {
  const { path, kind } = edit
  if (edit.kind === 'symbol') return [path, kind, edit.where, edit.symbol].join('\n')
  if (edit.kind === 'import') return [path, kind, edit.text].join('\n')
  return edit.kind === 'replace' ? [path, kind, edit.within, edit.find].join('\n') : [path, kind].join('\n')
}

/** True if the only problems are protected paths: another version of these edits would not help. */
export function isAllProtected(problems: readonly EditProblem[]): boolean {
  return problems.length > 0 && problems.every(({ isProtected }) => isProtected)
}

/** The part of a look that shows these files; a search is limited to them. */
export function lookInto(look: Look, paths: ReadonlySet<RepoPath>): Look[] {
  if (look.kind === 'open') return paths.has(look.path) ? [look] : []
  const isAsked = (path: RepoPath) => !look.places || look.places.some((place) => isWithin(path, place.path))
  const places = [...paths].filter(isAsked).map((path) => ({ path }))
  return places.length > 0 ? [{ ...look, places }] : []
}

/** within: a git pathspec. One with a pattern may match any file. */
function isWithin(path: RepoPath, within: string): boolean {
  return within === '.' || /[*?[:]/.test(within) || `${path}/`.startsWith(`${within.replace(/\/$/, '')}/`)
}

const MOST_SHOWN = 100_000 // characters of faulty edits

/**
 * Message to the model about a refused reply: the faulty parts only. Faulty edits that would make it too long are named, not repeated: a
 * block for many paths becomes one edit per path. unread: why some parts could not be parsed; sent: those parts.
 */
export function sayRefused(
  applied: readonly Edit[],
  unread: readonly string[],
  { edits, problems }: RefusedBatch,
  sent: string,
): string {
  const before = applied.length > 0 ? `${sayApplied(applied)}\n\n` : ''
  const others = edits.length - new Set(problems.map(({ edit }) => edit)).size
  const kept = others > 0 ? ` The other ${others} edits of it are kept, and go in with them: do not repeat them.` : ''
  if (unread.length > 0)
    return `${before}Of your last reply this could not be read:\n${list(unread)}\n\nYou sent:\n${sent}\n\nSend this again, corrected.${kept}`
  let room = MOST_SHOWN
  const faults = problems.map(({ edit, message, around }, i) => {
    const isSame = problems[i - 1]?.message === message && problems[i - 1]?.path === problems[i]?.path
    const said = isSame ? '- the same:' : `- ${message}${around === undefined ? '' : `; around it:\n${around}`}`
    const text = writeEdit(edits[edit]!)
    room -= text.length
    return `${said}\n\n${room < 0 ? `[your edit of ${placeOf(edits[edit])}: not repeated, for length]` : text}`
  })
  const newer = problems.some(({ isSyntax }) => isSyntax)
    ? ' Syntax that is right, but newer than this parser: send it again unchanged.'
    : ''
  if (isAllProtected(problems))
    return `${before}Of your last reply this is refused:\n${faults.join('\n\n')}\n\nDo not send these again.${others > 0 ? ` The other ${others} edits of it are kept: do not repeat them.` : ''} Send what is to be changed in their place, if anything; else reply "complete", with a note.`
  return `${before}Your last reply is applied when all of it is right. At fault:\n${faults.join('\n\n')}\n\nSend these again, corrected.${newer}${kept}${kept ? ' To leave one of these out, do not send it; for none of them reply "complete".' : ''}`
}

const LINES = 5 // of one edit
const WIDTH = 100 // characters

/** Message to the model about its applied edits: their places, and the new lines. */
export function sayApplied(applied: readonly Edit[]): string {
  const lines = applied.flatMap((edit, i) => {
    const [place, ...brought] = writeShort(edit)
    return place === placeOf(applied[i - 1]) ? brought : [place, ...brought]
  })
  return `Your edits so far are applied; of each the lines that it brought:\n\n${lines.join('\n')}\n\nSend only edits that are still missing, in the forms below; if none is, reply with one word: complete`
}

function placeOf(edit: Edit | undefined): string {
  return edit?.kind === 'symbol' ? `${headerPath(edit.path)}#${edit.symbol}` : headerPath(edit?.path ?? '')
}

function writeShort(edit: Edit): string[] {
  if (edit.kind === 'delete' || edit.kind === 'rename') return [writeEdit(edit).trim()]
  if (edit.kind === 'symbol' && edit.where === 'delete') return [writeEdit(edit).trim()]
  const known = new Set(edit.kind === 'replace' ? edit.find.split('\n') : [])
  const lines = (edit.kind === 'replace' ? edit.replacement : edit.text).trimEnd().split('\n')
  const brought = lines.filter((line) => line.trim() !== '' && !known.has(line))
  const rest = brought.length - LINES
  const shown = brought.slice(0, LINES).map((line) => `+ ${cutLine(line, WIDTH)}`)
  return [placeOf(edit), ...shown, ...(rest > 0 ? [`+ [${rest} more lines]`] : [])]
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n')
}
