export interface Candidate {
  /** Path, symbol id or '.' (the repository) that the text is about. */
  readonly subject: string
  readonly kind: 'recipe' | 'file' | 'outline' | 'summary' | 'body'
  readonly text: string
  /** Value to a reader, above 0. */
  readonly value: number
  readonly stale: boolean
  /** Of a summary that was not written here: 'remote NAME' or 'import'. */
  readonly origin?: string
  /** Position in the text. Candidates are chosen by value and shown in this order. */
  readonly order: number
  /** Heading that stands above the first chosen candidate of a group. */
  readonly group: string
  /** Chosen before all others, in their order. If the budget holds none of these, the pack is empty. */
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
 * First come the candidates with isFirst, then the others, greedily by value per token (Dantzig 1957), where headings
 * do not count as tokens. Never exceeds the budget: the finished text is counted whole, and the items chosen last are
 * removed until it fits. O(n log n) and n counts.
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
