/** Nobody nests deeper by hand, and code that walks a value recurses a few times per level. */
const DEEPEST = 200

/**
 * JSON.parse() for JSON from others. Also throws SyntaxError for nesting deeper than 200: V8 parses any depth, but code that walks the
 * value would overflow the stack. mostValues: more are a SyntaxError, too. Set it where a schema reads the result: for each value that
 * does not fit, zod keeps and prints an issue of a few hundred bytes.
 */
export function parseJson(text: string, mostValues = Number.POSITIVE_INFINITY): unknown {
  if (text.length > mostValues && hasMoreValues(text, mostValues))
    throw new SyntaxError(`it has more than ${mostValues} values`)
  if (isTooDeep(text)) throw new SyntaxError(`it nests deeper than ${DEEPEST} levels`)
  return JSON.parse(text)
}

/** A value begins the text, or stands behind a comma or an opening bracket. An empty list counts as if it held one. */
function hasMoreValues(text: string, most: number): boolean {
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at)
    else if ((character === ',' || isOpening(text, at)) && ++values > most) return true
  }
  return false
}

/** Unclosed brackets are left to JSON.parse() to reject. */
function isTooDeep(text: string): boolean {
  if (!hasMany(text)) return false
  let depth = 0
  for (let at = nextMark(text, 0); at < text.length; at = nextMark(text, at + 1)) {
    depth += isOpening(text, at) ? 1 : -1
    if (depth > DEEPEST) return true
  }
  return false
}

/** Whether there are so many opening brackets, those in strings included, that they could nest too deep. Ten times as fast as isTooDeep(). */
function hasMany(text: string): boolean {
  let openings = 0
  for (const bracket of '[{')
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++openings > DEEPEST) return true
  return false
}

/** The offset after the bracket that closes the one at `start`; null: none does. Brackets in strings do not count. Linear. */
export function closingAt(text: string, start: number): number | null {
  let depth = 0
  for (let at = start; at < text.length; at = nextMark(text, at + 1)) {
    depth += isOpening(text, at) ? 1 : -1
    if (depth === 0) return at + 1
  }
  return null
}

function isOpening(text: string, at: number): boolean {
  return text[at] === '{' || text[at] === '['
}

/** The next bracket outside strings. `from` must be outside a string. Returns the length of the text if there is none. */
function nextMark(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '{' || character === '[' || character === '}' || character === ']') return at
    if (character === '"') at = endOfString(text, at)
  }
  return text.length
}

/** The offset of the closing quote mark. A regular expression would overflow the stack at some million backslashes. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
  return at
}
