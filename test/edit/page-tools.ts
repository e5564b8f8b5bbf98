import { addressable } from '../../agents/feature/headings.ts'
import type { EditTools } from '../../src/edit/apply-edits.ts'
import { realTools } from './real-tools.ts'

/** The real parsers, and headings where a file defines nothing. */
export function pageTools(root: string): EditTools {
  const tools = realTools(root)
  return {
    ...tools,
    symbolsOf: async (path, text) => {
      const symbols = await tools.symbolsOf(path, text)
      return symbols.length > 0 ? symbols : addressable(text.split(/\r?\n/))
    },
  }
}
