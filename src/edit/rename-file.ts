import { shownPath } from '../paths.ts'
import { clashOf, type EditedFile, setGone } from './edited-file.ts'

/**
 * Moves a file, with the batch's changes so far, to a free path. Content that is not text is moved unchanged.
 *
 * Returns null; or an error message, and then changes neither file.
 */
export function renameFile(source: EditedFile, target: EditedFile, files: readonly EditedFile[]): string | null {
  if (source === target) return `${shownPath(source.path)} cannot be renamed to itself: nothing would change`
  if (target.exists) return `${shownPath(target.path)} exists already: a rename does not write over a file`
  const clash = clashOf(
    target,
    files.filter((one) => one !== source),
  )
  if (clash) return clash
  const { text, raw, bom, seals, before, origins, mode } = source
  Object.assign(target, {
    text,
    raw,
    bom,
    seals,
    before,
    origins,
    placesBefore: null,
    mode,
    exists: true,
    movedTo: null,
  })
  setGone(source)
  source.movedTo = target.path
  return null
}
