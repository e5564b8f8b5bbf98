import { shownPath } from '../../src/paths.ts'
import type { RepoPath } from '../../src/types.ts'

// At the beginning, or after an arrow, or after a comma if it looks like a path; perhaps below a folder: src/"new\nline.ts".
// The first '(?=")' saves looking back from every character, over all blanks before it.
const QUOTED =
  /(?=")(?<=(?:^(?:`?open`? )?|\s->\s+|,\s+(?="[^",]*[./]))`?(?:[^#,"`\s]*\/)?)"((?:[^"\\]|\\.)+)"(?=$|[\s,#:`])/g
const PLANE = 0x100000 // a private-use plane: its characters are not marks of a reply
const HIDDEN = /[\u{100000}-\u{10ffff}]+/gu

/** Replaces paths in double quotes by characters that no parser of a reply takes as marks; see revealPath. */
export function hidePaths(what: string): string {
  return what.replace(QUOTED, (_, quoted: string) =>
    unquote(quoted)
      .split('')
      .map((unit) => String.fromCodePoint(PLANE + unit.charCodeAt(0)))
      .join(''),
  )
}

/** The path behind a hidden path. */
export function revealPath(path: string): RepoPath {
  return path.replace(HIDDEN, (hidden) =>
    [...hidden].map((one) => String.fromCharCode(one.codePointAt(0)! - PLANE)).join(''),
  )
}

/** A text for readers, with hidden paths in quotes again. */
export function quotePaths(text: string): string {
  return text.replace(HIDDEN, (hidden) => JSON.stringify(revealPath(hidden)))
}

/** A path as written in the header of an edit: in quotes if it could be misread. */
export function headerPath(path: RepoPath): string {
  return /,\s|\s->\s/.test(path) ? JSON.stringify(path) : shownPath(path)
}

/** Parsed as JSON; unchanged if it is not JSON. */
function unquote(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string
  } catch {
    return quoted
  }
}
