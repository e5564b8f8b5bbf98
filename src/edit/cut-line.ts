export const CUT_MARK = '[cut]'
const SHORTEST = 100 // characters; every line that is shown cut has more of them

/** A line as a model sees it: a long one is cut to `most` characters from position `from`, with a mark on each side that was cut. */
export function cutLine(line: string, most: number, from = 0): string {
  if (line.length <= most) return line
  const first = Math.max(0, Math.min(from, line.length - most))
  const end = first + most
  return `${first > 0 ? `${CUT_MARK} ` : ''}${line.slice(first, end)}${end < line.length ? ` ${CUT_MARK}` : ''}`
}

/** The shown part of a line, and the sides that were cut. null: it has no mark. */
export function readCut(
  line: string,
): { readonly shown: string; readonly head: boolean; readonly tail: boolean } | null {
  const head = line.startsWith(`${CUT_MARK} `)
  const tail = line.trimEnd().endsWith(` ${CUT_MARK}`)
  if (!head && !tail) return null
  const shown = line.slice(
    head ? CUT_MARK.length + 1 : 0,
    tail ? line.trimEnd().length - CUT_MARK.length - 1 : undefined,
  )
  return shown.trim() === '' ? null : { shown, head, tail }
}

/** Why a text cannot be written: it repeats a line that was shown cut, so the hidden rest would be lost. null: it can. */
export function cutProblem(added: string, text: string | null): string | null {
  if (text?.includes(CUT_MARK)) return null // the file contains the mark itself
  const isCopied = added.split('\n').some((line) => line.length >= SHORTEST && readCut(line) !== null)
  return !isCopied
    ? null
    : `the new text repeats a line of which only a part is shown (${CUT_MARK}: the rest would be lost): change a part of that line with a replace edit, or with ${CUT_MARK} at the same side in find and in replacement`
}
