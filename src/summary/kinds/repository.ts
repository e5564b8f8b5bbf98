import type { z } from 'zod'
import { clipTokens } from '../clip-tokens.ts'
import { clipWords, joinSentences, MOST_OF_NAME } from '../own-words.ts'
import type { SummaryKind, Zod } from '../summary-kind.ts'

const reply = (z: Zod) =>
  z.object({
    purpose: z.string().describe('What the project is, for whom. At most 30 words.'),
    layout: z
      .array(z.object({ path: z.string().describe('As listed.'), holds: z.string().describe('At most 12 words.') }))
      .describe('At most 15: what stands where.'),
    conventions: z
      .array(z.string())
      .describe('At most 8, each at most 20 words: how things are done here that a newcomer would get wrong.'),
  })

export type RepositoryReply = z.infer<ReturnType<typeof reply>>
/** names: as in a module's body. */
export type RepositoryBody = RepositoryReply & { readonly names: readonly string[] }

/** The whole repository: subject '.'. */
export const REPOSITORY: SummaryKind<RepositoryBody, RepositoryReply> = {
  id: 'repository',
  promptVersion: 1,
  prompt: 'src/summary/kinds/repository.md',
  reply,
  empty: { purpose: '', layout: [], conventions: [], names: [] },
  tidy: ({ purpose, layout, conventions }) => ({
    purpose: clipWords(purpose, 45),
    layout: layout
      .map(({ path, holds }) => ({ path: path.trim(), holds: clipWords(holds, 18) }))
      .filter(({ path, holds }) => path && path.length <= MOST_OF_NAME && holds)
      .slice(0, 15),
    conventions: conventions
      .map((one) => clipWords(one, 30))
      .filter(Boolean)
      .slice(0, 8),
  }),
  render: (body) => clipTokens(tell(body), 300),
  tell,
  readBy: {
    purpose: 'ask, MCP explain',
    layout: 'ask, MCP explain',
    conventions: 'MCP explain; ask where there is room',
  },
}

function tell({ purpose, layout, conventions }: RepositoryBody): string {
  const list = layout.map(({ path, holds }) => `${path} (${holds})`).join(', ')
  return joinSentences([purpose, list && `Layout: ${list}`, ...conventions])
}
