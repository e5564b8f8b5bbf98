import { beforeAll, describe, expect, test } from 'vitest'
import { grammarOf } from '../../src/parse/grammar.ts'
import { LANGUAGES, languageOfPath } from '../../src/parse/languages/index.ts'
import { parseSource, syntaxErrors } from '../../src/parse/parse-source.ts'
import type { ParsedSource } from '../../src/types.ts'
import { goldenOf } from '../helpers/golden-of.ts'
import { prepareGrammars } from '../helpers/prepare-grammars.ts'

/** What was found in the golden of each language before those of all others were parsed. */
const first = new Map<string, ParsedSource>()
beforeAll(async () => {
  await prepareGrammars()
  for (const { id } of LANGUAGES) first.set(id, parseSource(goldenOf(id).text, id))
  for (const { id } of LANGUAGES) parseSource(goldenOf(id).text, id)
})

describe.each(LANGUAGES.map((language) => [language.id, language] as const))('%s', (id, language) => {
  const golden = goldenOf(id)
  const asCode = (code: string) =>
    language.blocks ? `<script>\n${code}\n</script>\n` : id === 'php' ? `<?php\n${code}` : code

  test('the annotated input is the accepted one', () => {
    expect(golden.actual, 'what the parser finds has changed: `npm run golden` accepts it, git diff shows it').toBe(
      golden.expected,
    )
  })

  test('its endings lead to it, and so does the name of the golden input', () => {
    for (const extension of language.extensions) expect(languageOfPath(`a/b.c${extension}`)).toBe(id)
    expect(languageOfPath(golden.name)).toBe(id)
  })

  test('its grammar loads, its query compiles and matches', () => {
    const { parse, matches } = grammarOf(id)
    expect(matches(parse('').rootNode)).toEqual([])
    expect(parseSource(golden.text, id).symbols.length).toBeGreaterThan(5)
  })

  test('the golden shows what a language must have: several kinds, comments, imports, calls and uses', () => {
    const { symbols, references } = parseSource(golden.text, id)
    expect(new Set(symbols.map((symbol) => symbol.kind)).size).toBeGreaterThan(1)
    expect(symbols.some((symbol) => symbol.doc)).toBe(true)
    expect(references.some((one) => one.kind === 'import')).toBe(true)
    expect(references.some((one) => one.kind === 'call')).toBe(true)
  })

  test('facts are well formed', () => expectWellFormed(parseSource(golden.text, id), golden.text))

  test('CRLF gives the same symbols, uses and comments on the same lines as LF', () => {
    expect(parseSource(golden.text.replace(/\n/g, '\r\n'), id)).toEqual(parseSource(golden.text, id))
  })

  test('names, comments and uses of a text do not depend on what was parsed before it', () => {
    expect(parseSource(golden.text, id)).toEqual(first.get(id))
  })

  test('a text over 32 KiB keeps its lines', () => {
    const padding = '\n'.repeat(40_000)
    const { symbols } = parseSource(golden.text, id)
    const text = golden.text.endsWith('\n') ? `${golden.text}${padding}` : golden.text
    expect(text.length).toBeGreaterThan(40_000)
    expect(parseSource(text, id).symbols.slice(0, 3)).toEqual(symbols.slice(0, 3))
  })

  test('empty text, a byte order mark and white space have no symbols', () => {
    for (const text of ['', '\uFEFF', ' \r\n\t\n'])
      expect(parseSource(text, id)).toMatchObject({ doc: null, symbols: [], references: [] })
  })

  test('a byte order mark before the text loses no definition', () => {
    const names = (text: string) => parseSource(text, id).symbols.map((symbol) => symbol.qualified)
    expect(names(`\uFEFF${golden.text}`)).toEqual(names(golden.text))
  })

  test('half a file yields well-formed facts, and a gap when the cut is inside a bracket', () => {
    for (let part = 1; part < 10; part++) {
      const text = golden.text.slice(0, Math.floor((golden.text.length * part) / 10))
      expectWellFormed(parseSource(text, id), text)
    }
    const broken = asCode('f(a, [b\n{{((')
    expect(parseSource(broken, id).gaps.length).toBeGreaterThan(0)
    expect(syntaxErrors(broken, id)).toEqual(parseSource(broken, id).gaps)
  })

  test.each([
    ['NUL bytes', 'a\0b\0(\0)\n'.repeat(50)],
    ['lone surrogates', 'x = "\uD800"; \uDFFF\uD801 class A { \uD83D }\n'.repeat(20)],
    ['emoji and combining marks', 'f("👩‍👩‍👧")\n// e\u0301 👋\nclass Å { }\n'],
    ['nesting of 20,000 levels', `${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['nesting that never closes', '('.repeat(3_000)],
    ['definitions in definitions', 'class A { function f() { '.repeat(200)],
    ['imports in imports', `use a::${'{b, '.repeat(500)}`],
    ['a line of 60,000 characters', `f(${'1, '.repeat(20_000)}1)`],
    ['text of another kind', '<?xml version="1.0"?>\n<a b="c">--- %%% @@ $$ \\ ` \' "\n'.repeat(30)],
  ])('%s: nothing is thrown', (_, code) => {
    const text = asCode(code)
    expectWellFormed(parseSource(text, id), text)
  })
})

test('languages in blocks keep the lines of the file and read nothing outside the blocks', () => {
  const text =
    '<p>function no() {}</p>\n<!-- <script>\nfunction no() {}\n</script> -->\n<script lang="ts">\nfunction yes() {}\n</script>\n<script type="application/json">\n{ "function": 1 }\n</script>\n'
  for (const { id, blocks } of LANGUAGES) {
    if (!blocks) continue
    const { symbols, gaps } = parseSource(text, id)
    expect(symbols.map(({ name, lines }) => [name, lines.first])).toEqual([['yes', 6]])
    expect(gaps).toEqual([])
  }
})

test('no two languages claim one ending', () => {
  const endings = LANGUAGES.flatMap((language) => language.extensions)
  expect(new Set(endings).size).toBe(endings.length)
})

/** What every consumer relies on, whatever the text. */
function expectWellFormed({ doc, symbols, references, gaps }: ParsedSource, text: string): void {
  const lines = text.split('\n').length
  const names = symbols.map((symbol) => symbol.qualified)
  expect(new Set(names).size).toBe(names.length)
  expect(doc === null || doc.trim() !== '').toBe(true)
  for (const symbol of symbols) {
    expect(symbol.name).not.toBe('')
    expect(symbol.lines.first).toBeGreaterThanOrEqual(1)
    expect(symbol.lines.last).toBeGreaterThanOrEqual(symbol.lines.first)
    expect(symbol.lines.last).toBeLessThanOrEqual(lines)
    expect(symbol.signature.length).toBeLessThanOrEqual(200)
    expect(symbol.signature).not.toMatch(/[\r\n]/)
    expect(symbol.hash).toMatch(/^[0-9a-f]{16}$/)
    expect(symbol.doc === null || symbol.doc.trim() !== '').toBe(true)
  }
  for (const { name, line } of references) {
    expect(name).not.toBe('')
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines)
  }
  const keys = references.map(({ name, kind }) => `${kind} ${name}`)
  expect(new Set(keys).size).toBe(keys.length)
  for (const { first, last } of gaps) {
    expect(first).toBeGreaterThanOrEqual(1)
    expect(last).toBeGreaterThanOrEqual(first)
    expect(last).toBeLessThanOrEqual(lines)
  }
}
