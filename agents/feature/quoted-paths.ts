import { shownPath } from '../../src/paths.ts'
import type { RepoPath } from '../../src/types.ts'

// At the beginning, or behind an arrow, or a comma where it looks like a path; perhaps below a folder: src/"new\nline.ts".
const QUOTED =
  /(?<=(?:^(?:`?open`? )?|\s->\s+|,\s+(?="[^",]*[./]))`?(?:[^#,"`\s]*\/)?)"((?:[^"\\]|\\.)+)"(?=$|[\s,#:`])/g
const PLANE = 0x100000 // of characters for private use: no mark of a reply is one of them
const HIDDEN = /[\u{100000}-\u{10ffff}]+/gu

/** Paths of a reply without the double quotes around them, in characters that no mark of a reply is taken from: see revealPath. */
export function hidePaths(what: string): string {
  return what.replace(QUOTED, (_, quoted: string) =>
    unquote(quoted)
      .split('')
      .map((unit) => String.fromCodePoint(PLANE + unit.charCodeAt(0)))
      .join(''),
  )
}

/** What a hidden path stands for. */
export function revealPath(path: string): RepoPath {
  return path.replace(HIDDEN, (hidden) =>
    [...hidden].map((one) => String.fromCharCode(one.codePointAt(0)! - PLANE)).join(''),
  )
}

/** A text for readers with its hidden paths in quotes again. */
export function quotePaths(text: string): string {
  return text.replace(HIDDEN, (hidden) => JSON.stringify(revealPath(hidden)))
}

/** A path as the header of an edit holds it: in quotes where it would be read as something else. */
export function headerPath(path: RepoPath): string {
  return /,\s|\s->\s/.test(path) ? JSON.stringify(path) : shownPath(path)
}

/** As JSON reads it; as it stands, where it is no JSON. */
function unquote(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string
  } catch {
    return quoted
  }
}
