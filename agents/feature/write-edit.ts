import type { Edit } from '../../src/types.ts'
import { headerPath } from './quoted-paths.ts'

const VERBS = { replace: 'replace-definition', before: 'insert-before', after: 'insert-after' } as const

/**
 * An edit in the format of prompts/edit.md, with a final line break: parseReply parses it back to this edit.
 *
 * The format has limits: a line that is itself a mark (">>>>>>> end") ends the block, CRLF is parsed as LF, and a new file ends with a
 * line break. Linear in the text.
 */
export function writeEdit(edit: Edit): string {
  const path = headerPath(edit.path)
  switch (edit.kind) {
    case 'replace':
      return `@@ replace${edit.every ? '-all' : ''} ${path}${edit.within === undefined ? '' : `#${edit.within}`}\n<<<<<<< find\n${ended(edit.find)}======= replace\n${ended(edit.replacement)}>>>>>>> end\n`
    case 'symbol':
      return edit.where === 'delete'
        ? `@@ delete-definition ${path}#${edit.symbol}\n`
        : block(`${VERBS[edit.where]} ${path}#${edit.symbol}`, edit.text)
    case 'create':
      return block(`create ${path}`, edit.text.replace(/\n$/, ''))
    case 'import':
      return block(`add-import ${path}`, edit.text)
    case 'delete':
      return `@@ delete ${path}\n`
    case 'rename':
      return `@@ rename ${path} -> ${headerPath(edit.to)}\n`
  }
}

function block(head: string, text: string): string {
  return `@@ ${head}\n<<<<<<< text\n${ended(text)}>>>>>>> end\n`
}

function ended(text: string): string {
  return text === '' ? '' : `${text}\n`
}
