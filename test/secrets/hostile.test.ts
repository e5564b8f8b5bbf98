import { expect, test } from 'vitest'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import { RULES } from '../../src/secrets/rules.ts'
import { tableSecrets } from '../../src/secrets/table-secrets.ts'
import { processorMs } from '../helpers/processor-ms.ts'
import { makeUp } from './make-up.ts'

const SIZE = 1_000_000
const LIMIT_MS = 5000 // of processor time for a megabyte; an ordinary one takes 20, the worst of these 1500
const fill = (text: string, size = SIZE) => text.repeat(Math.ceil(size / text.length)).slice(0, size)

/**
 * Expects linear time for a megabyte. An eighth is tried first, then a half: if it takes less than 1/128 of the limit, or 1/8, the whole stays
 * below the limit even if the time grows with the square of the length.
 */
async function expectLinear(work: (text: string) => unknown, text: (size: number) => string, limitMs = LIMIT_MS) {
  const take = (size: number) => {
    const given = text(size)
    return processorMs(() => work(given))
  }
  if ((await take(SIZE / 8)) <= limitMs / 128 || (await take(SIZE / 2)) <= limitMs / 8) return
  expect(await take(SIZE), text(80)).toBeLessThan(limitMs)
}

test.each(RULES.map((rule) => [rule.id, rule] as const))(
  '%s takes time linear in a megabyte made to keep it busy',
  async (_, rule) => {
    const example = makeUp(rule.example)
    const [keyword = 'TWFu'] = rule.keywords
    const cased = example.slice(Math.max(0, example.toLowerCase().indexOf(keyword))).slice(0, keyword.length)
    const half = example.slice(0, Math.ceil(example.length / 2))
    const parts = [cased, `${cased}=`, `${half}\n`, `${cased}="aB1 `, `x${example}`]
    await expectLinear(tableSecrets, (size) => parts.map((part) => fill(part, size / 5)).join('\n'))
  },
)

test.each([
  ['quotes', '"'],
  ['quotes with signs', '" + "'],
  ['quotes far apart', `"${' '.repeat(39)}`],
  ['ends of lines', '\r\n'],
  ['lines that go on', '\\\n  '],
  ['folded blocks', 'a: >-\n  b\n'],
  ['one folded block', '  b c d e\n'],
  ['first lines of keys', '-----BEGIN RSA PRIVATE KEY-----'],
  ['first lines and bodies', `-----BEGIN PRIVATE KEY-----${'\nQUJD'.repeat(40)}`],
  ['spaces in keys', `-----BEGIN PRIVATE KEY-----${' '.repeat(70)}a`],
  ['base64 of text', Buffer.from('password=abcdefg1 ').toString('base64')],
  ['addresses', 'http://a:b@c '],
  ['addresses without an end', 'http://a:'],
  ['web tokens', 'eyJhbGciOiJIUzI1NiJ9.'],
  ['assignments', "password = ''"],
  ['brackets', '{{<${'],
])('a megabyte of %s takes linear time', async (_, text) => {
  await expectLinear(tableSecrets, (size) => fill(text, size), LIMIT_MS / 5) // the worst takes 160 ms
})

test('a megabyte made to keep secretlint busy takes linear time', async () => {
  const texts = [
    '-----BEGIN PRIVATE KEY-----',
    'https://a:b@c.d ',
    'https://user:',
    'xoxb-a-',
    'xoxb-',
    'SG.a.',
    'ops_ey',
    'AWS_SECRET_ACCESS_KEY =    ',
    '_authToken=',
    'account ',
    'npm_a',
  ]
  for (const text of texts) await expectLinear(redactSecrets, (size) => fill(text, size), 2 * LIMIT_MS)
})
