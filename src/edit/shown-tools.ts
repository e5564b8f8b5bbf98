import type { EditTools } from './edit-tools.ts'
import type { EditedFile } from './edited-file.ts'

/** The tools for sealed texts of a file. They see marks in place of secrets, as the sender of the edits does. */
export function shownTools({ seals }: EditedFile, tools: EditTools): EditTools {
  const { importsOf, visible } = tools
  return {
    ...tools,
    symbolsOf: (path, text) => tools.symbolsOf(path, seals.shown(text)),
    syntaxErrors: (path, text) => tools.syntaxErrors(path, seals.shown(text)),
    ...(importsOf && { importsOf: (path, text) => importsOf(path, seals.shown(text)) }),
    visible: async (path, text) => visible?.(path, seals.shown(text)) ?? seals.shown(text).split(/\r?\n/),
  }
}
