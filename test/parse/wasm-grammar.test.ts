import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { grammarOf, prepareGrammar } from '../../src/parse/grammar.ts'
import { LANGUAGES } from '../../src/parse/languages/index.ts'
import { syntaxErrors } from '../../src/parse/parse-source.ts'
import { GRAMMARS_FOLDER, packedGrammar, wasmGrammar } from '../../src/parse/wasm-grammar.ts'

const inWasm = LANGUAGES.flatMap(({ grammar: [name], wasm }) => (wasm ? [{ name, file: `${name}/${wasm}` }] : []))

test('a grammar is either a dependency, or ships with the package and its own is needed for development alone', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'))
  const isGrammar = (name: string) => /^tree-sitter-/.test(name)
  const native = LANGUAGES.filter(({ wasm }) => !wasm).map(({ grammar: [name] }) => name)
  expect(Object.keys(dependencies).filter(isGrammar)).toEqual([...new Set(native)].sort())
  expect(Object.keys(devDependencies).filter(isGrammar)).toEqual(inWasm.map(({ name }) => name).sort())
  for (const name of ['typescript', 'javascript', 'python', 'go', 'rust', 'java'])
    expect(dependencies).toHaveProperty(`tree-sitter-${name}`)
})

test('what ships are the grammars that npm has verified, and their licences, in two megabytes', () => {
  const licences = readFileSync(join(GRAMMARS_FOLDER, 'LICENSES.txt'), 'utf8')
  let bytes = 0
  for (const { name, file } of inWasm) {
    const packed = readFileSync(packedGrammar(file))
    bytes += packed.length
    expect(brotliDecompressSync(packed).equals(readFileSync(join(PACKAGE_ROOT, 'node_modules', file)))).toBe(true)
    expect(licences).toContain(`${name}\n\nThe MIT License`)
  }
  expect(readdirSync(GRAMMARS_FOLDER)).toHaveLength(inWasm.length + 1)
  expect(bytes).toBeLessThan(2_000_000)
})

test('a grammar is loaded once, also if it is prepared twice at the same time', async () => {
  expect(() => grammarOf('php')).toThrow('before prepareGrammar()')
  await Promise.all([prepareGrammar('', 'php'), prepareGrammar('', 'php')])
  const grammar = grammarOf('php')
  await prepareGrammar('', 'php')
  expect(grammarOf('php')).toBe(grammar)
})

test('a file that is not there, or not a grammar, is told in two lines', async () => {
  for (const file of ['none/tree-sitter-none.wasm', '../../package.json'])
    await expect(wasmGrammar(file, '')).rejects.toMatchObject({
      message: expect.stringMatching(/^the grammar \S+ is missing or damaged$/),
      fix: expect.stringContaining('install repose again'),
    })
})

test('trees are freed: parsing goes on in the same memory', async () => {
  const text = 'namespace a;\npublic class B { public int C(int d) { return d + 1; } }\n'.repeat(1000)
  await prepareGrammar(text, 'csharp')
  const parse = (times: number) => {
    for (let i = 0; i < times; i++) syntaxErrors(text, 'csharp')
    return process.memoryUsage().rss
  }
  const before = parse(3)
  expect(parse(30) - before).toBeLessThan(60_000_000) // the trees together take 115 MB
}, 120_000)
