import type { CodeSymbol, ParsedSource, Reference } from '../../src/types.ts'

/**
 * The source with what the parser found in it written below each definition, for people to read:
 *
 *     12 | export class Cart extends Basket {
 *        |              ^^^^ class Cart 12-40 | export class Cart extends Basket
 *        |              doc Items and their total.
 *        |              extend Basket:12; call addVat:14, round:15; use Rate:12
 */
export function annotate(text: string, { doc, symbols, references, gaps }: ParsedSource): string {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  const notes = new Map<number, string[]>()
  const holderOf = ({ kind, line }: Reference) =>
    kind === 'import' ? undefined : symbols.findLast(({ lines: { first, last } }) => first <= line && line <= last)
  symbols.forEach((symbol) => {
    const { line, column, width } = placeOf(symbol, lines)
    const indent = ' '.repeat(column)
    const about = [
      `${indent}${'^'.repeat(width)} ${symbol.kind} ${symbol.qualified} ${span(symbol.lines)} | ${symbol.signature}`,
    ]
    if (symbol.doc !== null) about.push(`${indent}doc ${short(symbol.doc)}`)
    const uses = usesOf(references.filter((one) => holderOf(one) === symbol))
    if (uses) about.push(`${indent}${uses}`)
    notes.set(line, [...(notes.get(line) ?? []), ...about])
  })
  const body = lines.flatMap((line, i) => [
    `${String(i + 1).padStart(3)} | ${line}`.trimEnd(),
    ...(notes.get(i + 1) ?? []).map((note) => `    | ${note}`),
  ])
  const file = [
    `file doc: ${doc === null ? 'none' : short(doc)}`,
    `file: ${usesOf(references.filter((one) => !holderOf(one))) || 'uses nothing'}`,
    `gaps: ${gaps.map(span).join(', ') || 'none'}`,
  ]
  return `${[...file, '', ...body].join('\n').trimEnd()}\n`
}

/** Where the name stands in the definition: after its decorators, or else its first line. Lines from 1, columns from 0. */
function placeOf(
  { name, lines: { first, last } }: CodeSymbol,
  lines: readonly string[],
): { line: number; column: number; width: number } {
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}_])`, 'u')
  for (let line = first; line <= last; line++) {
    const code = lines[line - 1]!
    if (/^\s*(@(?!interface)|#\[|\[)/.test(code) && line < last) continue
    const at = code.search(word)
    if (at >= 0) return { line, column: at, width: name.length }
  }
  const column = lines[first - 1]!.search(/\S/)
  return { line: first, column: Math.max(column, 0), width: 1 }
}

function usesOf(references: readonly Reference[]): string {
  const kinds = ['import', 'extend', 'call', 'use'] as const
  return kinds
    .flatMap((kind) => {
      const names = references.filter((one) => one.kind === kind).map(({ name, line }) => `${name}:${line}`)
      return names.length > 0 ? [`${kind} ${names.join(', ')}`] : []
    })
    .join('; ')
}

function span({ first, last }: { first: number; last: number }): string {
  return first === last ? `${first}` : `${first}-${last}`
}

function short(doc: string): string {
  const flat = doc.replace(/\n/g, '⏎')
  return flat.length > 110 ? `${flat.slice(0, 109)}…` : flat
}
