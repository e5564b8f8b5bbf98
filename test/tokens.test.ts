import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as theirs from 'gpt-tokenizer/encoding/o200k_base'
import { expect, test } from 'vitest'
import { countTokens, countTokensBeside } from '../src/tokens.ts'
import { removeFolder } from './helpers/platform.ts'

const TEXTS = [
  '',
  'hello world',
  'naïve <|endoftext|> 日本語 🙂',
  '\n'.repeat(9000),
  readFileSync('README.md', 'utf8').slice(0, 4000),
]
const GIVE_UP_MS = 20_000

function timed<T>(work: () => T): { result: T; ms: number } {
  const started = performance.now()
  return { result: work(), ms: performance.now() - started }
}

test('counts are those of the library, here and in a thread of their own', () => {
  const here = TEXTS.map(countTokens)
  expect(here).toEqual(TEXTS.map((text) => theirs.countTokens(text, { disallowedSpecial: new Set() })))
  countTokensBeside({ giveUpMs: GIVE_UP_MS })
  const beside = timed(() => TEXTS.map(countTokens))
  expect(beside.result).toEqual(here)
  expect(beside.ms).toBeLessThan(GIVE_UP_MS) // it answered
})

test.skipIf(availableParallelism() < 2)('a thread that does not answer is given up, and counts go on here', () => {
  const folder = mkdtempSync(join(tmpdir(), 'repose-tokens-'))
  const entry = join(folder, 'broken.js')
  writeFileSync(entry, 'setInterval(() => {}, 1000)')
  try {
    countTokensBeside({ entry, giveUpMs: 500 })
    expect(timed(() => countTokens('hello world'))).toMatchObject({ result: 2, ms: expect.toSatisfy((ms) => ms > 400) })
    expect(timed(() => countTokens('hello world')).ms).toBeLessThan(400)
  } finally {
    removeFolder(folder)
  }
})
