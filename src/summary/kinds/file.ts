import type { z } from 'zod'
import { clipTokens } from '../clip-tokens.ts'
import { clipWords, joinSentences, MOST_OF_NAME } from '../own-words.ts'
import type { SummaryKind, Zod } from '../summary-kind.ts'

const reply = (z: Zod) =>
  z.object({
    purpose: z.string().describe('What the file is for that its names do not say. At most 20 words.'),
    changesWith: z
      .string()
      .describe(
        'What else must be changed with it, and which registry, table, convention or option list it belongs to. At most 30 words; empty if nothing.',
      ),
    watchOut: z.string().describe('What breaks when it is changed carelessly. At most 20 words; empty if nothing.'),
    concepts: z
      .array(z.string())
      .describe('At most 8 words that users would say for what it does and that the code does not use.'),
    symbols: z
      .array(
        z.object({
          name: z.string().describe('Qualified as in the file: Cart.total'),
          does: z.string().describe('At most 12 words.'),
        }),
      )
      .describe('At most 20: only definitions whose name and signature do not say what they do.'),
  })

export type FileBody = z.infer<ReturnType<typeof reply>>

const RENDERED_TOKENS = 60 // a list of files must stay cheap, so the text beside each path is short

/** One file. Measured: a plain sentence of purpose is no better than the names of the definitions, so the summary must say more. */
export const FILE: SummaryKind<FileBody, FileBody> = {
  id: 'file',
  promptVersion: 1,
  prompt: 'src/summary/kinds/file.md',
  reply,
  empty: { purpose: '', changesWith: '', watchOut: '', concepts: [], symbols: [] },
  tidy: ({ purpose, changesWith, watchOut, concepts, symbols }) => ({
    purpose: clipWords(purpose, 30),
    changesWith: clipWords(changesWith, 45),
    watchOut: clipWords(watchOut, 30),
    concepts: concepts
      .map((one) => clipWords(one, 5))
      .filter(Boolean)
      .slice(0, 8),
    symbols: symbols
      .map(({ name, does }) => ({ name: name.trim(), does: clipWords(does, 18) }))
      .filter(({ name, does }) => name && name.length <= MOST_OF_NAME && does)
      .slice(0, 20),
  }),
  render: (body) => clipTokens(tell(body), RENDERED_TOKENS),
  tell,
  readBy: {
    purpose: 'context, search, MCP explain',
    changesWith: 'context, search, MCP explain',
    watchOut: 'search, MCP explain; context where there is room',
    concepts: 'search',
    symbols: 'search; those of definitions',
  },
}

function tell({ purpose, changesWith, watchOut }: FileBody): string {
  return joinSentences([purpose, changesWith && `Changes with: ${changesWith}`, watchOut && `Careful: ${watchOut}`])
}

/** All words of a summary, for the full text. */
export function wordsOfFile({ purpose, changesWith, watchOut, concepts, symbols }: FileBody): string {
  return [purpose, changesWith, watchOut, ...concepts, ...symbols.map(({ does }) => does)].filter(Boolean).join('\n')
}
