import { expect, test } from 'vitest'
import { addressable } from '../../agents/feature/headings.ts'
import { Seals } from '../../src/edit/seals.ts'
import { secretsIn } from '../../src/secrets/find-secrets.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import { makeUp } from './make-up.ts'

const passwords = (count: number, seed = 'p') =>
  Array.from({ length: count }, (_, i) => `a://u:${makeUp('{pw:12}7q', `${seed}${i}`)}@h\n`)

test('a text with very many secrets is left out as a whole, and what it holds is not looked for in other texts', async () => {
  const keeper = secretKeeper()
  const lines = passwords(1100)
  const masked = await keeper.mask('many.txt', `first\n${lines.join('')}last\n`)
  expect(new Set(masked.split('\n'))).toEqual(new Set(['[text with very many secrets left out]', '']))
  expect(masked.split('\n')).toHaveLength(1103)
  expect([...keeper.masked]).toEqual([['many.txt', ['text with very many secrets']]])
})

test('after many files with secrets, a further one is left out as a whole', async () => {
  const keeper = secretKeeper()
  for (let i = 0; i < 10; i++) await keeper.mask(`${i}.txt`, passwords(1000, `${i} `).join(''))
  expect(await keeper.mask('d.txt', `word\n${passwords(1, 'd')}`)).not.toContain('word')
  expect(await keeper.mask('e.txt', 'word\n')).toBe('word\n')
  expect(await keeper.mask('f.txt', `word\n${passwords(1, '3 ')}`)).toContain('word') // a known one
})

const keys = (count: number, lines: number, start = '') =>
  Array.from({ length: count }, (_, i) => {
    const body = Array.from({ length: lines }, (_, j) => start + makeUp(`{b64:${64 - start.length}}`, `${i} ${j}`))
    return `-----BEGIN PRIVATE KEY-----\n${body.join('\n')}\n-----END PRIVATE KEY-----\nlast line\n`
  }).join('')

test('a file of a dozen private keys is shown without them', async () => {
  const shown = await secretKeeper().mask('keys.ts', keys(12, 50))
  expect(shown.match(/\[.*\]/g)).toHaveLength(12 * 52)
  expect(shown.match(/last line/g)).toHaveLength(12)
})

test('a text with many lines of private keys is left out, and makes no later text slow', async () => {
  const keeper = secretKeeper()
  const many = keys(20, 500, 'AAAAAAA')
  expect(await keeper.mask('many.txt', many)).not.toContain('last line')
  keeper.keep('other.txt', many, (await secretsIn(many, 'text')).slice(0, 15))
  for (let i = 0; i < 10; i++) await keeper.mask(`${i}.txt`, keys(2, 450, `AAAAAAA${i}`))
  const start = process.cpuUsage()
  await keeper.mask('innocent.txt', 'AAAAAAAAAAAAA '.repeat(200_000))
  await keeper.mask('alike.txt', 'AAAAAAA0'.repeat(100_000))
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(2500) // milliseconds; 10,000 searches take a minute
})

test('lines of a text with a secret are numbered, and equal headings are listed, in linear time', () => {
  const secret = 'a\nb\nc'
  const text = `one\n${secret}\n${'## a\n'.repeat(40_000)}`
  const { text: sealed, seals } = Seals.of(text, [{ kind: 'x', from: 4, to: 9, isExact: true }], [])!
  const numbers = addressable(sealed.split('\n')).map(({ lines }) => seals.openedLine(sealed, lines.first))
  expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([40_000, 5, 40_004])
})
