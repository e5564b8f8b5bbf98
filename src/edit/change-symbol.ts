import { shownPath } from '../paths.ts'
import type { Edit } from '../types.ts'
import { deleteSymbol } from './delete-symbol.ts'
import { type Draft, setText } from './draft.ts'
import { editSection } from './edit-section.ts'
import { editSymbol } from './edit-symbol.ts'
import type { EditPlace, EditTools } from './edit-tools.ts'
import { similarNames } from './similar-names.ts'

type SymbolEdit = Extract<Edit, { kind: 'symbol' }>
const NAMES_SHOWN = 40

/** Does an edit of a definition to a draft with that text. Returns null, or what is wrong, in words for a model. */
export async function changeSymbol(
  draft: Draft,
  text: string,
  edit: SymbolEdit,
  tools: EditTools,
): Promise<string | null> {
  if (edit.where !== 'delete' && edit.text.trim() === '')
    return 'the new text is empty: to remove a definition, delete the definition'
  const symbols = await tools.symbolsOf(draft.path, text)
  const symbol = placeNamed(shownPath(draft.path), edit.symbol, symbols)
  if (typeof symbol === 'string') return symbol
  if (symbol.isSection) {
    const result = editSection(text, symbol.lines, edit.where, edit.text)
    return result === text ? 'the new text is what stands there already: nothing would change' : setText(draft, result)
  }
  if (edit.where === 'delete') {
    const neighbour = symbols.find((one) => sharesLine(one, symbol))
    if (neighbour) return `${edit.symbol} shares a line with ${neighbour.qualified}: use a replace edit`
    const result = deleteSymbol(text, symbol.lines)
    return result === null
      ? `${edit.symbol} is all that the block around it holds: use a replace edit`
      : setText(draft, result)
  }
  const result = editSymbol(text, symbol.lines, edit.where, edit.text)
  return result === text ? 'the new text is what stands there already: nothing would change' : setText(draft, result)
}

/**
 * The definition or heading of that name; else the one whose name is the same without quotes, backticks and marks of a heading. What is
 * wrong, in words for a model, where there is none, or more than one.
 */
export function placeNamed(path: string, name: string, places: readonly EditPlace[]): EditPlace | string {
  const bare = (text: string) => text.replace(/[`'"]/g, '').replace(/^#+ */, '').trim()
  const exact = places.filter(({ qualified }) => qualified === name)
  const found = exact.length > 0 ? exact : places.filter(({ qualified }) => bare(qualified) === bare(name))
  const [place] = found
  if (!place) return missing(path, name, places)
  if (found.length === 1) return place
  return `'${name}' is in ${path} ${found.length} times (lines ${found.map(({ lines }) => lines.first).join(', ')}): use a replace edit with text that occurs once`
}

function missing(path: string, wanted: string, symbols: readonly EditPlace[]): string {
  if (symbols.length === 0) return `${path} has no symbols that can be addressed: use a replace edit`
  const names = symbols.map((one) => one.qualified)
  const shown = names.length <= NAMES_SHOWN ? names : [...new Set([...similarNames(wanted, names, 5), ...names])]
  const more = names.length > NAMES_SHOWN ? ', ...' : ''
  return `symbol '${wanted}' is not in ${path}; it has: ${shown.slice(0, NAMES_SHOWN).join(', ')}${more}`
}

/** Whether a definition would lose a line with the other: it is neither inside, nor around with lines of its own above. */
function sharesLine(one: EditPlace, other: EditPlace): boolean {
  if (one === other || one.qualified.startsWith(`${other.qualified}.`)) return false
  const isApart = one.lines.last < other.lines.first || one.lines.first > other.lines.last
  const isAround = one.lines.first < other.lines.first && one.lines.last >= other.lines.last
  return !isApart && !isAround
}
