import { classAt, globName, type NameTest } from './glob-name.ts'

/** True when a path, split at its slashes, matches. */
export type Glob = (names: readonly string[]) => boolean

/** 'any': any number of folders, also none. */
type Part = NameTest | 'any'

/**
 * A pattern of git's attribute files (gitattributes, wildmatch with WM_PATHNAME), as a test of paths relative to the file's folder. null:
 * it matches no file.
 *
 * A test takes at most pattern length times path length steps, since the pattern may come from a stranger.
 */
export function globOf(written: string): Glob | null {
  const pattern = bytesOf(written)
  if (pattern === '' || pattern.startsWith('!') || pattern.endsWith('/')) return null // for git, such patterns match no file
  if (!pattern.includes('/')) {
    const test = nameTest(pattern)
    return test && ((names) => test(names.at(-1)!))
  }
  const parts: Part[] = []
  for (const part of partsOf(pattern.replace(/^\//, ''))) {
    const test = /^\*{2,}$/.test(part) ? 'any' : nameTest(part)
    if (test === null) return null
    if (test !== 'any' || parts.at(-1) !== 'any') parts.push(test)
  }
  return (names) => fits(parts, names)
}

/** Splits at slashes outside brackets, escaped ones included. pattern: one character per byte. */
function partsOf(pattern: string): string[] {
  const characters = [...pattern]
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < pattern.length; at++) {
    const isEscaped = pattern[at] === '\\'
    if (pattern[at] === '[') at = classAt(characters, at, false)?.end ?? at
    else if (pattern[at] === '/' || (isEscaped && pattern[at + 1] === '/')) {
      parts.push(pattern.slice(start, at))
      if (isEscaped) at++
      start = at + 1
    } else if (isEscaped) at++
  }
  parts.push(pattern.slice(start))
  return parts
}

function fits(parts: readonly Part[], names: readonly string[]): boolean {
  let [part, at, star, from] = [0, 0, -1, 0]
  while (at < names.length) {
    const test = parts[part]
    if (test === 'any') {
      star = part++
      from = at
    } else if (test?.(names[at]!)) {
      part++
      at++
    } else if (star >= 0) {
      part = star + 1
      at = ++from
    } else return false
    if (star >= 0 && star === parts.length - 1) return true // a trailing '**' matches everything inside
  }
  return part === parts.length
}

function nameTest(pattern: string): NameTest | null {
  const test = globName(pattern, false)
  return test && ((name) => test(bytesOf(name)))
}

/** One character per byte, since git compares bytes. */
function bytesOf(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}
