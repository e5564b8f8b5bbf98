/** Nobody writes deeper by hand, and what walks a value calls itself a few times a level. */
const DEEPEST = 200

/**
 * JSON of others, as JSON.parse() reads it. Throws SyntaxError also for a text that nests deeper than 200: V8 reads any depth, but whatever then
 * walks the value would run out of stack.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError(`it nests deeper than ${DEEPEST} levels`)
  return JSON.parse(text)
}

/** What is not closed is JSON.parse's to refuse. */
function isTooDeep(text: string): boolean {
  if (text.length < DEEPEST) return false
  let depth = 0
  for (let at = nextMark(text, 0); at < text.length; at = nextMark(text, at + 1)) {
    depth += isOpening(text, at) ? 1 : -1
    if (depth > DEEPEST) return true
  }
  return false
}

/** The offset behind the bracket that closes the one at `start`; null: none does. Brackets in strings do not count. Linear. */
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

/** The next bracket that stands in no string, from an offset that is in none; the length of the text where there is none. */
function nextMark(text: string, from: number): number {
  // (a regular expression for strings runs out of stack at some million backslashes)
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '{' || character === '[' || character === '}' || character === ']') return at
    if (character !== '"') continue
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
  }
  return text.length
}
