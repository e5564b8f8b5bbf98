import type { z } from 'zod'
import { clipTokens } from '../clip-tokens.ts'
import { clipWords, joinSentences, MOST_OF_NAME } from '../own-words.ts'
import type { SummaryKind, Zod } from '../summary-kind.ts'

const reply = (z: Zod) =>
  z.object({
    purpose: z.string().describe('What the folder is for. At most 25 words.'),
    parts: z
      .array(z.object({ name: z.string().describe('As listed.'), does: z.string().describe('At most 10 words.') }))
      .describe('At most 10: the ones that a newcomer must know.'),
    howToExtend: z
      .string()
      .describe('How a new member is added here, as far as the notes show it. At most 40 words; empty if they do not.'),
  })

export type ModuleReply = z.infer<ReturnType<typeof reply>>
/** names: of the members when it was written, in the order of their keys; see exchange-names.ts. */
export type ModuleBody = ModuleReply & { readonly names: readonly string[] }

/** A folder with at least two members. */
export const MODULE: SummaryKind<ModuleBody, ModuleReply> = {
  id: 'module',
  promptVersion: 1,
  prompt: 'src/summary/kinds/module.md',
  reply,
  empty: { purpose: '', parts: [], howToExtend: '', names: [] },
  tidy: ({ purpose, parts, howToExtend }) => ({
    purpose: clipWords(purpose, 40),
    parts: parts
      .map(({ name, does }) => ({ name: name.trim(), does: clipWords(does, 15) }))
      .filter(({ name, does }) => name && name.length <= MOST_OF_NAME && does)
      .slice(0, 10),
    howToExtend: clipWords(howToExtend, 60),
  }),
  render: (body) => clipTokens(tell(body), 160),
  tell,
  readBy: {
    purpose: 'ask, MCP explain, the summary of the folder above',
    parts: 'MCP explain; ask where there is room',
    howToExtend: 'ask, MCP explain, the summary of the folder above',
  },
}

function tell({ purpose, parts, howToExtend }: ModuleBody): string {
  const list = parts.map(({ name, does }) => `${name} (${does})`).join(', ')
  return joinSentences([purpose, howToExtend && `To extend: ${howToExtend}`, list && `Parts: ${list}`])
}
