import type { Edit } from '../types.ts'
import { deleteSymbol } from './delete-symbol.ts'
import { editSection } from './edit-section.ts'
import { editSymbol } from './edit-symbol.ts'
import type { EditPlace, EditTools } from './edit-tools.ts'
import { type EditedFile, setText } from './edited-file.ts'
import { placeNamed } from './place-named.ts'

type SymbolEdit = Extract<Edit, { kind: 'symbol' }>

/** Applies an edit of a definition to a file with that text. Returns null, or an error message for a model. */
export async function changeSymbol(
  file: EditedFile,
  text: string,
  edit: SymbolEdit,
  tools: EditTools,
): Promise<string | null> {
  if (edit.where !== 'delete' && edit.text.trim() === '')
    return 'the new text is empty: to remove a definition, delete the definition'
  const symbol = await placeNamed(file, text, edit.symbol, tools)
  if (typeof symbol === 'string') return symbol
  if (symbol.isSection) {
    const result = editSection(text, symbol.lines, edit.where, edit.text)
    return result === text ? 'the new text is what stands there already: nothing would change' : setText(file, result)
  }
  if (edit.where === 'delete') {
    const symbols = await tools.symbolsOf(file.path, text)
    const neighbour = symbols.find((one) => sharesLine(one, symbol))
    if (neighbour) return `${edit.symbol} shares a line with ${neighbour.qualified}: use a replace edit`
    const result = deleteSymbol(text, symbol.lines)
    return result === null
      ? `${edit.symbol} is all that the block around it holds: use a replace edit`
      : setText(file, result)
  }
  const result = editSymbol(text, symbol.lines, edit.where, edit.text)
  return result === text ? 'the new text is what stands there already: nothing would change' : setText(file, result)
}

/**
 * Whether deleting one definition would also delete a line of the other, which is neither inside it nor around it with its own lines above.
 */
function sharesLine(one: EditPlace, other: EditPlace): boolean {
  const isSame = one.qualified === other.qualified && one.lines.first === other.lines.first
  if (isSame || one.qualified.startsWith(`${other.qualified}.`)) return false
  const isApart = one.lines.last < other.lines.first || one.lines.first > other.lines.last
  const isAround = one.lines.first < other.lines.first && one.lines.last >= other.lines.last
  return !isApart && !isAround
}
