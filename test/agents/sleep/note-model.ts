import { createHash } from 'node:crypto'
import { type LlmReplyLike, type ScriptedLlm, scriptedLlm } from '../../../src/llm/scripted-llm.ts'
import type { LlmRequest } from '../../../src/types.ts'

/** A model that answers every request with a fitting note; the text differs with what it is shown. */
export function noting(
  answer: (request: LlmRequest) => string | LlmReplyLike | Promise<string | LlmReplyLike> = noteOn,
  model = 'noter',
): ScriptedLlm {
  return scriptedLlm(Array<typeof answer>(500).fill(answer), { model })
}

export function noteOn({ purpose, messages }: LlmRequest): string {
  const shown = messages[1]!.content
  const mark = createHash('sha256')
    .update(shown)
    .digest('hex')
    .replace(/[^a-f]/g, '')
    .slice(0, 12)
  if (purpose === 'module-summary')
    return JSON.stringify({ purpose: `keeps things together, ${mark}`, parts: [], howToExtend: '' })
  if (purpose === 'repository-summary')
    return JSON.stringify({ purpose: `sells books, ${mark}`, layout: [], conventions: [] })
  return fileNote({ purpose: `does its part, ${mark}` })
}

export function fileNote(fields: object = {}): string {
  return JSON.stringify({
    purpose: 'does its part',
    changesWith: '',
    watchOut: '',
    concepts: [],
    symbols: [],
    ...fields,
  })
}

/** How often each kind of request was made. */
export function purposes(llm: ScriptedLlm): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { purpose } of llm.requests) counts[purpose] = (counts[purpose] ?? 0) + 1
  return counts
}
