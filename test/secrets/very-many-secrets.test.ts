import { expect, test } from 'vitest'
import { addressable } from '../../agents/feature/headings.ts'
import { Seals } from '../../src/edit/seals.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import { makeUp } from './make-up.ts'

const passwords = (count: number, seed = 'p') =>
  Array.from({ length: count }, (_, i) => `a://u:${makeUp('{pw:12}7q', `${seed}${i}`)}@h\n`)

test('a text with very many secrets is left out as a whole, and what it holds is not looked for in other texts', async () => {
  const keeper = secretKeeper()
  const lines = passwords(600)
  const masked = await keeper.mask('many.txt', `first\n${lines.join('')}last\n`)
  expect(new Set(masked.split('\n'))).toEqual(new Set(['[text with very many secrets left out]', '']))
  expect(masked.split('\n')).toHaveLength(603)
  expect([...keeper.masked]).toEqual([['many.txt', ['text with very many secrets']]])
})

test('after many files with secrets, a further one is left out as a whole', async () => {
  const keeper = secretKeeper()
  for (const seed of ['a', 'b', 'c']) await keeper.mask(`${seed}.txt`, passwords(400, seed).join(''))
  expect(await keeper.mask('d.txt', `word\n${passwords(1, 'd')}`)).not.toContain('word')
  expect(await keeper.mask('e.txt', 'word\n')).toBe('word\n')
})

test('lines of a text with a secret are numbered, and equal headings are listed, in linear time', () => {
  const secret = 'a\nb\nc'
  const text = `one\n${secret}\n${'## a\n'.repeat(40_000)}`
  const { text: sealed, seals } = Seals.of(text, [{ kind: 'x', from: 4, to: 9, isExact: true }], [])!
  const numbers = addressable(sealed.split('\n')).map(({ lines }) => seals.openedLine(sealed, lines.first))
  expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([40_000, 5, 40_004])
})
