import { overlap } from '../../src/retrieve/outline.ts'
import type { CodeSymbol, Lines } from '../../src/types.ts'

/** How to find the important lines of a long range: rare words of the request, and hits of searches in the same reply. */
export interface Interest {
  /** Rarity of the request's terms. */
  readonly words: ReadonlyMap<string, number>
  readonly searched: ReadonlySet<number>
}

const LONG = 220 // lines; shorter ranges are shown whole
const KEPT = 120 // lines of a longer range
const BEGINNING = 8
const END = 3
const AROUND = 3
const MOST_HEADS = 24 // definitions
const SEARCHED = 6 // in units of rarity

/**
 * The important parts of a long range: its ends, the first line of each definition in it, and the lines that best match the request,
 * with their neighbours. A shorter range is returned whole. The model can ask for the omitted lines. lines: the whole file. symbols: of
 * the file. Linear in the range.
 */
export function fold(
  span: Lines,
  lines: readonly string[],
  symbols: readonly Pick<CodeSymbol, 'lines'>[],
  { words, searched }: Interest,
): Lines[] {
  if (span.last - span.first < LONG) return [span]
  const kept = new Set<number>()
  const keep = (first: number, last: number) => {
    for (let at = Math.max(span.first, first); at <= Math.min(span.last, last); at++) kept.add(at)
  }
  keep(span.first, span.first + BEGINNING - 1)
  keep(span.last - END + 1, span.last)
  const heads = symbols.map((symbol) => symbol.lines.first).filter((at) => at >= span.first && at <= span.last)
  if (heads.length <= MOST_HEADS) for (const at of heads) keep(at, at)
  const worth = (text: string, at: number) => overlap(text, words) + (searched.has(at) ? SEARCHED : 0)
  const telling = lines
    .slice(span.first - 1, span.last)
    .map((text, i) => ({ at: span.first + i, worth: worth(text, span.first + i) }))
    .filter((line) => line.worth > 0)
    .sort((a, b) => b.worth - a.worth || a.at - b.at)
  for (const { at } of telling) {
    if (kept.size >= KEPT) break
    keep(at - AROUND, at + AROUND)
  }
  return stretches([...kept].sort((a, b) => a - b))
}

const GAP = 9 // lines; a smaller gap saves little and hides much

function stretches(numbers: readonly number[]): Lines[] {
  const found: { first: number; last: number }[] = []
  for (const at of numbers) {
    const previous = found.at(-1)
    if (previous && at <= previous.last + GAP) previous.last = at
    else found.push({ first: at, last: at })
  }
  return found
}
