import { expect, test } from 'vitest'
import { parseSource } from '../../src/parse/parse-source.ts'
import { FILE_TOKENS, showFile } from '../../src/summary/show-file.ts'
import { countTokens } from '../../src/tokens/tokens.ts'

const shown = (text: string, limit: number) =>
  showFile(text, parseSource(text, 'typescript').symbols, countTokens, limit)
const fn = (name: string, lines = 10) =>
  `/** Does ${name}. More of it. */\nexport function ${name}(n: number): number {\n${Array(lines).fill('  n += 1 // step by step').join('\n')}\n  return n\n}\n`

test('a file within the limit is shown as it is', () => {
  const text = fn('one')
  expect(shown(text, 1000)).toBe(text)
})

test('a longer one is cut by whole definitions, of which the rest is named with its first sentence', () => {
  const text = `import { a } from './a.ts'\n\n${['one', 'two', 'three', 'four', 'five', 'six'].map((name) => fn(name)).join('\n')}`
  const result = shown(text, 400)
  expect(countTokens(result)).toBeLessThanOrEqual(400)
  expect(result).toContain("import { a } from './a.ts'")
  expect(result).toContain(fn('one').split('\n').slice(1).join('\n').trim())
  expect(result).toContain('export function six(n: number): number …  [Does six.]')
  const bodies = result.match(/return n/g)!.length
  expect(bodies).toBeGreaterThanOrEqual(2)
  expect(bodies).toBeLessThan(6)
  expect(result.indexOf('one(')).toBeLessThan(result.indexOf('six('))
})

test('a class too large to be shown whole is opened into its methods', () => {
  const method = (name: string) =>
    `  /** Does ${name}. */\n  ${name}(): number {\n${Array(12).fill('    this.n += 1 // step by step').join('\n')}\n    return this.n\n  }\n`
  const text = `export class Big {\n  n = 0\n\n${['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7'].map(method).join('\n')}}\n`
  const result = shown(text, 400)
  expect(countTokens(result)).toBeLessThanOrEqual(400)
  expect(result).toContain('export class Big')
  for (const name of ['a1', 'd4', 'g7']) expect(result).toContain(`${name}()`)
  expect(result.match(/return this\.n/g)!.length).toBeLessThan(7)
})

test('more definitions than can be named are counted', () => {
  const text = Array.from({ length: 400 }, (_, n) => `export const value${n} = compute(${n}, ${n})`).join('\n')
  const result = shown(text, 500)
  expect(countTokens(result)).toBeLessThanOrEqual(500)
  expect(result).toMatch(/\[\d+ more pieces of the file are not shown\]$/)
})

test('text without definitions is cut at a line', () => {
  const text = Array.from({ length: 2000 }, (_, n) => `line ${n} of many`).join('\n')
  const result = showFile(text, [], countTokens)
  expect(countTokens(result)).toBeLessThanOrEqual(FILE_TOKENS)
  expect(result.startsWith('line 0 of many\nline 1 of many')).toBe(true)
  expect(result.split('\n').at(-2)).toMatch(/^line \d+ of many$/)
})
