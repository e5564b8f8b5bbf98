import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { countTokens, countTokensBeside } from '../src/tokens.ts'

const TEXTS = ['', 'hello world', 'naïve <|endoftext|> 日本語 🙂', '\n'.repeat(9000), readFileSync('README.md', 'utf8')]

test('a thread of its own counts as this one does', () => {
  const here = TEXTS.map(countTokens)
  expect(here.slice(0, 2)).toEqual([0, 2])
  countTokensBeside()
  expect(TEXTS.map(countTokens)).toEqual(here)
})

test('a thread that does not answer is given up, and counts go on here', () => {
  const worker = new URL('../fixtures/no-such-thread.js', import.meta.url).pathname
  countTokensBeside({ entry: worker, giveUpMs: 50 })
  expect(TEXTS.slice(0, 2).map(countTokens)).toEqual([0, 2])
})
