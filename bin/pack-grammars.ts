import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { PACKAGE_ROOT } from '../src/assets.ts'
import { LANGUAGES } from '../src/parse/languages/index.ts'
import { GRAMMARS_FOLDER, packedGrammar } from '../src/parse/wasm-grammar.ts'

/**
 * Compresses the WebAssembly grammars, which the package ships instead of depending on theirs, and adds their licences. 18 MB become 1.1, in a
 * third of a second; the highest level would save a tenth more in twenty times the time.
 */
export function packGrammars(): void {
  const packages = LANGUAGES.flatMap(({ grammar: [name], wasm }) => (wasm ? [{ name, file: `${name}/${wasm}` }] : []))
  const inPackage = (path: string) => readFileSync(join(PACKAGE_ROOT, 'node_modules', path))
  rmSync(GRAMMARS_FOLDER, { recursive: true, force: true })
  mkdirSync(GRAMMARS_FOLDER, { recursive: true })
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24 }
  for (const { file } of packages) writeFileSync(packedGrammar(file), brotliCompressSync(inPackage(file), { params }))
  const licences = packages.map(({ name }) => `${name}\n\n${inPackage(`${name}/LICENSE`).toString().trim()}\n`)
  writeFileSync(join(GRAMMARS_FOLDER, 'LICENSES.txt'), licences.join('\n'))
}
