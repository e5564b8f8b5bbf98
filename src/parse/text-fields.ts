import type { ParsedSource } from '../types.ts'
import { countTerms, isStopWord } from '../words.ts'

/** Terms of one source for full text, by field, each a string of terms between spaces. */
export interface TextFields {
  readonly names: string
  readonly docs: string
  readonly body: string
}

// Beyond its eighth use a term adds little to BM25 (k1 = 1.2), and a long file is not longer for repeating itself.
const MOST_REPEATS = 8

/** What a source can be found by: the names it defines (headings, in prose), its authors' comments, and everything else. Linear in the text. */
export function textFields(text: string, parsed: ParsedSource | null): TextFields {
  const names = parsed
    ? parsed.symbols.filter((symbol) => symbol.kind !== 'test').map((symbol) => symbol.name)
    : headings(text)
  const docs = parsed ? [parsed.doc, ...parsed.symbols.map((symbol) => symbol.doc)] : []
  return { names: capped(names.join('\n')), docs: capped(docs.join('\n')), body: capped(text) }
}

function headings(text: string): string[] {
  return [...text.matchAll(/^(?:#{1,6} +(.+)|title: *(.+))$/gm)].map((match) => match[1] ?? match[2] ?? '')
}

function capped(text: string): string {
  const kept: string[] = []
  countTerms(text, (term, count) => {
    if (isStopWord(term)) return
    for (let i = Math.min(count, MOST_REPEATS); i > 0; i--) kept.push(term)
  })
  return kept.join(' ')
}
