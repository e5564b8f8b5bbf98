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

/** Linear in the text. What is not closed is JSON.parse's to refuse. */
function isTooDeep(text: string): boolean {
  if (text.length < DEEPEST) return false
  const mark = /"[^"\\]*(?:\\.[^"\\]*)*"?|[[{]|[\]}]/gs
  let depth = 0
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    const [first] = found[0]
    if (first === '[' || first === '{') depth++
    else if (first !== '"') depth--
    if (depth > DEEPEST) return true
  }
  return false
}
