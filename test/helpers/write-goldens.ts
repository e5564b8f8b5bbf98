import { writeFileSync } from 'node:fs'
import { LANGUAGES } from '../../src/parse/languages/index.ts'
import { goldenOf } from './golden-of.ts'
import { prepareGrammars } from './prepare-grammars.ts'

// `npm run golden`: accepts what the parser finds today. Read the difference before you commit it.
await prepareGrammars()
for (const { id } of LANGUAGES) {
  const { expectedPath, actual } = goldenOf(id)
  writeFileSync(expectedPath, actual)
}
