import * as z from 'zod'
import { findText } from '../served/find-text.ts'
import { defineTool } from './tool.ts'

/** Definitions and places of a name or a text. */
export const find = defineTool({
  name: 'find',
  title: 'Find a name or a text',
  description:
    'Finds a name or a text: definitions with file and lines, files so called, and the lines that match, grouped by file and definition. Cheaper than grep: at most 1500 tokens.',
  input: z.object({
    text: z.string().describe('a name, a text, or an extended regular expression; (?i) in front ignores case'),
    in: z.string().optional().describe('only in this file or folder'),
  }),
  output: z.object({
    definitions: z.array(
      z.object({ path: z.string(), name: z.string(), kind: z.string(), first: z.number(), last: z.number() }),
    ),
    files: z.array(z.string()),
    text: z.string(),
  }),
  async answer({ text: given, in: within }, index) {
    const { definitions, files, text } = await findText(given, within, index)
    return { text, data: { definitions, files, text } }
  },
})
