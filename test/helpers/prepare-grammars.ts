import { prepareGrammar } from '../../src/parse/grammar.ts'
import { LANGUAGES } from '../../src/parse/languages/index.ts'

/** Loads every grammar, for tests that parse texts of all languages. */
export async function prepareGrammars(): Promise<void> {
  for (const { id } of LANGUAGES) await prepareGrammar('namespace a { class B {}; }', id) // in a header, this is C++
}
