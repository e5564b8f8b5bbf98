import { hasShape, type SummaryKind } from '../summary-kind.ts'
import { FILE } from './file.ts'
import { MODULE } from './module.ts'
import { REPOSITORY } from './repository.ts'
import { SYMBOL } from './symbol.ts'

/** The kinds of summaries, by their names in the table `summary`. */
export const SUMMARY_KINDS = { symbol: SYMBOL, file: FILE, module: MODULE, repository: REPOSITORY } as const

export type SummaryKindId = keyof typeof SUMMARY_KINDS

/** A stored summary as an agent reads it, on one line; null: it is empty, or its shape is of another version. */
export function renderSummary(kind: SummaryKindId, body: unknown): string | null {
  const { empty, render } = SUMMARY_KINDS[kind] as SummaryKind<object, unknown>
  return hasShape(empty, body) ? render(body) || null : null
}
