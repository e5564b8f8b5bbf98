import { z } from 'zod'
import { FILE } from './file.ts'
import { MODULE } from './module.ts'
import { REPOSITORY } from './repository.ts'
import { SYMBOL } from './symbol.ts'

/** What can be summarised, by the name that the table `summary` keeps it under. */
export const SUMMARY_KINDS = { symbol: SYMBOL, file: FILE, module: MODULE, repository: REPOSITORY } as const

export type SummaryKindId = keyof typeof SUMMARY_KINDS

/** What an agent reads of a stored summary, on one line; null when its shape is of another version, or it says nothing. */
export function renderSummary(kind: SummaryKindId, body: unknown): string | null {
  const { body: shape, render } = SUMMARY_KINDS[kind] as { body: z.ZodType; render(body: unknown): string }
  const read = shape.safeParse(body)
  return read.success ? render(read.data) || null : null
}

/** JSON schema of what a kind asks a model for: strict as endpoints want it, every key required and no other allowed. */
export function replySchema(kind: { readonly reply: z.ZodType }): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(kind.reply)
  return schema
}
