import { countTerms, isStopWord } from '../request/words.ts'
import type { ParsedSource, TextFields } from '../types.ts'

// After the eighth use, more uses add little to BM25 (k1 = 1.2), and repetition should not make a file count as longer.
const MOST_USES = 8

/**
 * The terms a source can be found by: the names it defines (in prose: headings), its authors' comments, and everything else. Linear in the
 * text.
 */
export function textFields(text: string, parsed: ParsedSource | null): TextFields {
  const names = parsed
    ? parsed.symbols.filter((symbol) => symbol.kind !== 'test').map((symbol) => symbol.name)
    : headings(text)
  const docs = parsed ? [parsed.doc, ...parsed.symbols.map((symbol) => symbol.doc)] : []
  return { names: byUses(names.join('\n')), docs: byUses(docs.join('\n')), body: byUses(text) }
}

function headings(text: string): string[] {
  return [...text.matchAll(/^(?:#{1,6} +(.+)|title: *(.+))$/gm)].map((match) => match[1] ?? match[2] ?? '')
}

function byUses(text: string): string[] {
  const terms: string[][] = []
  countTerms(text, (term, count) => {
    if (isStopWord(term)) return
    const uses = Math.min(count, MOST_USES)
    while (terms.length < uses) terms.push([])
    terms[uses - 1]!.push(term)
  })
  return terms.map((alike) => alike.join(' '))
}
