import { USUAL_OUTPUT } from '../../src/llm/budget.ts'
import { costUsd, type Price } from '../../src/llm/prices.ts'

/** One summary to write, with the estimated cost of its call. */
export interface Planned {
  readonly subject: string
  readonly kind: string
  readonly inputTokens: number
  readonly outputTokens: number
}

/**
 * Those of the planned summaries that a pass will write with the budget left: in order, each that fits. Folders and the repository are
 * included only if every file fits.
 *
 * planned: files first. left: tokens (input plus output) and US$; Infinity: no limit.
 */
export function withinBudget<One extends Planned>(
  planned: readonly One[],
  left: { readonly tokens: number; readonly usd: number },
  price: Price | null,
): One[] {
  let { tokens, usd } = left
  let isShort = false
  let isFirst = true // before any reply, a call has to have room for a usual one
  return planned.filter((one) => {
    const needed = one.inputTokens + one.outputTokens
    const cost = costUsd({ ...one, cachedTokens: 0 }, price) ?? 0
    if (isShort && one.kind !== 'file') return false
    const most = isFirst ? one.inputTokens + Math.max(one.outputTokens, USUAL_OUTPUT) : needed
    if (most > tokens || cost > usd) {
      isShort = true
      return false
    }
    isFirst = false
    tokens -= needed
    usd -= cost
    return true
  })
}
