import { isSource } from '../../paths.ts'
import { type Evidence, onOneLine } from './evidence.ts'

/** A line of a file. */
export interface FoundLine {
  readonly path: string
  readonly line: number
  readonly text: string
}

const MOST = 25
const MOST_OF_FILE = 3
const SAYS = /\b(TODO|FIXME|XXX)\b\s*(?:\([^)]*\))?\s*[:\-\u2013]?\s*(\S.*)/
const IN_COMMENT = /(\/\/|\/\*|^\s*\*|#|--|;|<!--|%|""")/

/**
 * Comments in source files that ask for something: what follows TODO, FIXME or XXX. Those of the files that recent commits changed most
 * come first. At most twenty-five, three of a file.
 *
 * touches: how often recent commits changed a file.
 */
export function todosIn(lines: readonly FoundLine[], touches: ReadonlyMap<string, number>): Evidence[] {
  const ofFile = new Map<string, number>()
  const order = lines
    .filter(({ path }) => isSource(path))
    .map((line, i) => ({ line, i, touched: touches.get(line.path) ?? 0 }))
    .sort((a, b) => b.touched - a.touched || a.i - b.i)
  return order
    .flatMap(({ line: { path, line, text } }): Evidence[] => {
      const found = SAYS.exec(text.trimEnd()) // SAYS would try all ways to divide blanks at the end among its three \s*
      if (!found || !IN_COMMENT.test(text.slice(0, found.index))) return []
      const said = onOneLine(found[2]!.replace(/(\*\/|-->)\s*$/, ''))
      const count = ofFile.get(path) ?? 0
      if (said.length < 12 || count >= MOST_OF_FILE) return []
      ofFile.set(path, count + 1)
      return [{ kind: 'todo', place: `${path}:${line}`, text: said }]
    })
    .slice(0, MOST)
}
