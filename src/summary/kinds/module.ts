import { z } from 'zod'
import { clipTokens } from '../clip-tokens.ts'
import { clipWords, joinSentences } from '../own-words.ts'
import type { SummaryKind } from '../summary-kind.ts'

const REPLY = z.object({
  purpose: z.string().describe('What the folder is for. At most 25 words.'),
  parts: z
    .array(z.object({ name: z.string().describe('As listed.'), does: z.string().describe('At most 10 words.') }))
    .describe('At most 10: the ones that a newcomer must know.'),
  howToExtend: z
    .string()
    .describe('How a new member is added here, as far as the notes show it. At most 40 words; empty if they do not.'),
})
const BODY = REPLY.extend({ names: z.array(z.string()) })

export type ModuleReply = z.infer<typeof REPLY>
/** names: what it was shown, as named then, in the order of their keys: see exchange-names.ts. */
export type ModuleBody = z.infer<typeof BODY>

/** A folder with at least two members. */
export const MODULE: SummaryKind<ModuleBody, ModuleReply> = {
  id: 'module',
  promptVersion: 1,
  prompt: 'src/summary/kinds/module.md',
  body: BODY,
  reply: REPLY,
  tidy: ({ purpose, parts, howToExtend }) => ({
    purpose: clipWords(purpose, 40),
    parts: parts
      .map(({ name, does }) => ({ name: name.trim(), does: clipWords(does, 15) }))
      .filter(({ name, does }) => name && does)
      .slice(0, 10),
    howToExtend: clipWords(howToExtend, 60),
  }),
  render({ purpose, parts, howToExtend }) {
    const list = parts.map(({ name, does }) => `${name} (${does})`).join(', ')
    return clipTokens(
      joinSentences([purpose, howToExtend && `To extend: ${howToExtend}`, list && `Parts: ${list}`]),
      160,
    )
  },
}
