/** True when a path, split at its slashes, matches. */
export type Glob = (names: readonly string[]) => boolean

type NameTest = (name: string) => boolean
/** 'any': any number of folders, also none. */
type Part = NameTest | 'any'

/**
 * A pattern of git's attribute files (gitattributes, wildmatch with WM_PATHNAME), as a test of paths relative to the file's folder. null:
 * it matches no file.
 *
 * A test takes at most pattern length times path length steps, since the pattern may come from a stranger.
 */
export function globOf(pattern: string): Glob | null {
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

/** Splits at slashes outside brackets, escaped ones included. */
function partsOf(pattern: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < pattern.length; at++) {
    const isEscaped = pattern[at] === '\\'
    if (pattern[at] === '[') at = bracketAt(pattern, at + 1)?.end ?? at
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

type Token = 'star' | ((byte: string) => boolean)

/** null: a bracket is unclosed. */
function nameTest(pattern: string): NameTest | null {
  const tokens = tokensOf(bytesOf(pattern))
  if (tokens === null) return null
  return (name) => {
    const bytes = bytesOf(name)
    let [token, at, star, from] = [0, 0, -1, 0]
    while (at < bytes.length) {
      const one = tokens[token]
      if (one === 'star') {
        star = token++
        from = at
      } else if (one?.(bytes[at]!)) {
        token++
        at++
      } else if (star >= 0) {
        token = star + 1
        at = ++from
      } else return false
    }
    while (tokens[token] === 'star') token++
    return token === tokens.length
  }
}

/** One character per byte, since git compares bytes. */
function bytesOf(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

function tokensOf(pattern: string): Token[] | null {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const one = pattern[at]!
    if (one === '*') {
      if (tokens.at(-1) !== 'star') tokens.push('star')
    } else if (one === '?') tokens.push(() => true)
    else if (one === '[') {
      const bracket = bracketAt(pattern, at + 1)
      if (bracket === null) return null
      tokens.push(bracket.test)
      at = bracket.end
    } else {
      if (one === '\\' && at + 1 === pattern.length) return null
      const wanted = one === '\\' ? pattern[++at]! : one
      tokens.push((byte) => byte === wanted)
    }
  }
  return tokens
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[A-Fa-f0-9]/,
}

/** Reads what follows a '[': the test and the position of its ']'. null: unclosed, or an unknown class. */
function bracketAt(
  pattern: string,
  start: number,
): { readonly test: (byte: string) => boolean; readonly end: number } | null {
  const isNegated = pattern[start] === '!' || pattern[start] === '^'
  const tests: ((byte: string) => boolean)[] = []
  let at = isNegated ? start + 1 : start
  for (let isFirst = true; isFirst || pattern[at] !== ']'; isFirst = false) {
    if (at >= pattern.length) return null
    const named = /^\[:([^\]]*):\]/.exec(pattern.slice(at))
    if (named) {
      const known = CLASSES[named[1]!]
      if (!known) return null
      tests.push((byte) => known.test(byte))
      at += named[0].length
      continue
    }
    if (pattern[at] === '\\') at++
    const from = pattern[at]
    if (from === undefined) return null
    let to = from
    at++
    if (pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      at++
      if (pattern[at] === '\\') at++
      if (pattern[at] === undefined) return null
      to = pattern[at]!
      at++
    }
    tests.push((byte) => byte === from || (from <= byte && byte <= to)) // the first character also matches when the range is reversed
  }
  return { test: (byte) => tests.some((one) => one(byte)) !== isNegated, end: at }
}
