import type { RepoPath } from '../types.ts'
import type { EditTools } from './edit-tools.ts'
import { statementEnd } from './statement-end.ts'
import { indentOf } from './text-lines.ts'

const HOLDER = /^(import \(|<script\b.*>)$/
const MOST_TRIES = 20

/**
 * Position of the last line of the last import at the top of a text: unindented, in Go's import group, or in a page's script; null: none.
 * Imports inside functions, conditions and nested modules are skipped, as are those below the first longer definition.
 */
export async function lastImport(path: RepoPath, text: string, tools: EditTools): Promise<number | null> {
  if (!tools.importsOf) return null
  const all = text.split(/\r?\n/)
  const found = await tools.importsOf(path, text)
  if (!found) return null
  const symbols = await tools.symbolsOf(path, text)
  const long = symbols.filter(({ lines }) => lines.last > lines.first && lines.first > found.first)
  let lines = all.slice(
    0,
    long.reduce((least, symbol) => Math.min(least, symbol.lines.first - 1), all.length),
  )
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const some = tries === 0 && lines.length === all.length ? found : await tools.importsOf(path, lines.join('\n'))
    if (!some) return null
    const last = some.last - 1
    let head = last
    while (head > 0 && (indentOf(lines[head]!) !== '' || lines[head] === '')) head--
    if (head === last) return statementEnd(all, last)
    if (HOLDER.test(lines[head]!.trim())) return last
    const alone = await tools.importsOf(path, lines.slice(head, last + 1).join('\n'))
    if (alone?.first === 1) return Math.max(last, statementEnd(all, head))
    lines = lines.slice(0, head)
  }
  return null
}
