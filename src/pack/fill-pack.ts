export interface Candidate {
  /** Path, symbol id or '.' (the repository) that the text is about. */
  readonly subject: string
  readonly kind: 'recipe' | 'file' | 'outline' | 'summary' | 'body'
  readonly text: string
  /** Above 0: what it is worth to a reader. */
  readonly value: number
  readonly stale: boolean
  /** Place in the text: candidates are chosen by value and shown by this. */
  readonly order: number
  /** Heading that stands above the first chosen candidate of a group. */
  readonly group: string
  /** Chosen before all that are not, in their order: a budget that holds none of these holds nothing. */
  readonly isFirst?: boolean
}

export interface Filled {
  readonly items: readonly (Candidate & { readonly tokens: number })[]
  readonly leftOut: readonly Candidate[]
  readonly text: string
  readonly tokens: number
}

/**
 * Fits the best candidates into a token budget and writes them out in reading order.
 *
 * Never exceeds the budget: the finished text is counted whole, and the weakest items go until it fits.
 * What comes first in order, then greedy by value per token (Dantzig 1957), without the tokens of headings. O(n log n) and n counts.
 */
export function fillPack(
  candidates: readonly Candidate[],
  budgetTokens: number,
  countTokens: (text: string) => number,
): Filled {
  const counted = candidates.map((candidate) => ({ ...candidate, tokens: countTokens(`${candidate.text}\n`) }))
  const first = counted.filter(({ isFirst }) => isFirst)
  const byWorth = counted
    .filter(({ isFirst }) => !isFirst)
    .sort((a, b) => b.value / b.tokens - a.value / a.tokens || a.order - b.order)
  const chosen: (Candidate & { tokens: number })[] = []
  const groups = new Set<string>()
  let spent = 0
  for (const candidate of [...first, ...byWorth]) {
    if (!candidate.isFirst && first.length > 0 && chosen.length === 0) break
    const heading = groups.has(candidate.group) ? 0 : countTokens(`\n${candidate.group}\n`)
    if (spent + heading + candidate.tokens > budgetTokens) continue
    spent += heading + candidate.tokens
    groups.add(candidate.group)
    chosen.push(candidate)
  }
  for (;;) {
    const items = [...chosen].sort((a, b) => a.order - b.order)
    const text = write(items)
    const tokens = countTokens(text)
    if (tokens <= budgetTokens || chosen.length === 0) {
      const taken = new Set(chosen.map((item) => item.order))
      return {
        items,
        leftOut: counted.filter((one) => !taken.has(one.order)).sort((a, b) => b.value - a.value),
        text,
        tokens,
      }
    }
    chosen.pop()
  }
}

function write(items: readonly Candidate[]): string {
  const lines: string[] = []
  let group: string | null = null
  for (const item of items) {
    if (item.group !== group) lines.push(...(lines.length > 0 ? [''] : []), item.group)
    group = item.group
    lines.push(item.text)
  }
  return lines.join('\n')
}
