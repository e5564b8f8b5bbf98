import { hasShape, type SummaryKind } from '../summary-kind.ts'
import { FILE } from './file.ts'
import { MODULE } from './module.ts'
import { REPOSITORY } from './repository.ts'
import { SYMBOL } from './symbol.ts'

/** The kinds of summaries, by their names in the table `summary`. */
export const SUMMARY_KINDS = { symbol: SYMBOL, file: FILE, module: MODULE, repository: REPOSITORY } as const

export type SummaryKindId = keyof typeof SUMMARY_KINDS

/** A stored summary as an agent reads it, on one line; null: it is empty, or its shape is of another version. */
export function renderSummary(kind: SummaryKindId, body: unknown, length: 'cut' | 'whole' = 'cut'): string | null {
  const { empty, render, tell } = SUMMARY_KINDS[kind] as SummaryKind<object, unknown>
  const say = length === 'cut' ? render : tell
  return hasShape(empty, body) ? say(body) || null : null
}

/** Who is shown summaries of a kind, each once: 'context, search, MCP explain'. */
export function readersOf(kind: SummaryKindId): string {
  const said = Object.values(SUMMARY_KINDS[kind].readBy as Readonly<Record<string, string>>)
  const readers = said
    .flatMap((text) => text.split(/[,;] /))
    .filter((one) => !/^(those of|.* where there is room)/.test(one))
  return [...new Set(readers)].join(', ')
}
