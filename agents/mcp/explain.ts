import * as z from 'zod'
import { explainAbout } from '../served/explain-about.ts'
import { defineTool } from './tool.ts'

/** What is known of a file, a folder, a definition, or a question. */
export const explain = defineTool({
  name: 'explain',
  title: 'Explain',
  description:
    'What is known of a file ("src/a.ts"), a folder ("src/"), the repository ("."), a definition ("src/a.ts#name" or "name"), or a question in words ("Where are prices rounded?"): what it does, who uses it, what changes with it, when it last changed, with file:line evidence. At most 1500 tokens.',
  input: z.object({ about: z.string() }),
  output: z.object({
    kind: z.enum(['repository', 'folder', 'file', 'definition', 'question']),
    text: z.string(),
    evidence: z.array(z.object({ path: z.string(), line: z.number(), symbol: z.string() })),
  }),
  async answer({ about }, index) {
    const { kind, text, evidence, isStale } = await explainAbout(about, index)
    const places = evidence.map(({ path, line, symbol }) => ({ path, line, symbol }))
    return { text, data: { kind, text, evidence: places }, isStale }
  },
})
