import { hasShape, type SummaryKind } from '../summary-kind.ts'
import { FILE } from './file.ts'
import { MODULE } from './module.ts'
import { REPOSITORY } from './repository.ts'
import { SYMBOL } from './symbol.ts'

/** What can be summarised, by the name that the table `summary` keeps it under. */
export const SUMMARY_KINDS = { symbol: SYMBOL, file: FILE, module: MODULE, repository: REPOSITORY } as const

export type SummaryKindId = keyof typeof SUMMARY_KINDS

/** What an agent reads of a stored summary, on one line; null when its shape is of another version, or it says nothing. */
export function renderSummary(kind: SummaryKindId, body: unknown): string | null {
  const { empty, render } = SUMMARY_KINDS[kind] as SummaryKind<object, unknown>
  return hasShape(empty, body) ? render(body) || null : null
}
