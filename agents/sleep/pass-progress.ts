import type { Budget } from '../../src/llm/budget.ts'
import type { Price } from '../../src/llm/prices.ts'
import type { PassParts } from './pass.ts'
import type { SleepProgress } from './sleep-report.ts'
import { type Planned, withinBudget } from './within-budget.ts'

const PRIOR_TOKENS = 3000 // of a call or two, so that the first call does not decide alone

/**
 * Reports how much of its budgeted work a pass has done. The remaining cost is estimated from the ratio of spent to planned tokens so
 * far.
 *
 * planned: every summary that is due, files first.
 */
export function passProgress(
  planned: readonly Planned[],
  budget: Budget,
  price: Price | null,
  clock: () => number,
  onProgress: ((progress: SleepProgress) => void) | undefined,
): { readonly onDone: PassParts['onDone']; readonly left: number } {
  const startedAt = clock()
  const coming = new Map(planned.map((one) => [one.subject, one]))
  const ends = { written: 0, failed: 0, 'left out': 0 }
  let tokensPlanned = 0
  const onDone: PassParts['onDone'] = (current, end) => {
    ends[end]++
    tokensPlanned += tokensOf(coming.get(current))
    coming.delete(current)
    const { written, failed } = ends
    const done = written + failed + ends['left out']
    const { inputTokens, outputTokens, usd } = budget.spent
    const tokens = inputTokens + outputTokens
    const { left } = budget
    const scale = (tokens + PRIOR_TOKENS) / (tokensPlanned + PRIOR_TOKENS)
    const rest = withinBudget([...coming.values()], { tokens: left.tokens / scale, usd: left.usd / scale }, price)
    const restTokens = rest.reduce((sum, one) => sum + tokensOf(one), 0)
    const etaMs = tokensPlanned > 0 ? Math.round(((clock() - startedAt) / tokensPlanned) * restTokens) : null
    onProgress?.({
      written,
      failed,
      total: done + rest.length,
      due: Math.max(planned.length, done),
      tokens,
      usd,
      etaMs,
      current,
    })
  }
  return {
    onDone,
    get left() {
      return coming.size
    },
  }
}

function tokensOf(planned: Planned | undefined): number {
  return planned ? planned.inputTokens + planned.outputTokens : 0
}
