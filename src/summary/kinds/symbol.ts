import type { z } from 'zod'
import { clipWords } from '../own-words.ts'
import type { SummaryKind, Zod } from '../summary-kind.ts'
import { FILE } from './file.ts'

const reply = (z: Zod) => z.object({ does: z.string() })

export type SymbolBody = z.infer<ReturnType<typeof reply>>

/** One definition. The call for its file writes it, so it has no prompt. It is found again by symbol.hash. */
export const SYMBOL: SummaryKind<SymbolBody, SymbolBody> = {
  id: 'symbol',
  promptVersion: FILE.promptVersion,
  prompt: null,
  reply,
  empty: { does: '' },
  tidy: ({ does }) => ({ does: clipWords(does, 18) }),
  render: ({ does }) => does,
  tell: ({ does }) => does,
  readBy: { does: 'context, MCP explain' },
}
