import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RULES } from '../../src/secrets/rules.ts'
import { areClean, withoutSecrets } from '../../src/secrets/without-secrets.ts'
import { makeUp } from './make-up.ts'

const secret = fc.tuple(fc.constantFrom(...RULES), fc.nat()).map(([{ example }, seed]) => makeUp(example, String(seed)))
const half = (text: string) => Math.floor(text.length / 2)
const written = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('docs/example/index.md', '  deep', '\\', '`', 'password:', '= ', '"', '\n', ''),
  },
  secret,
  secret.map((text) => text.slice(0, half(text))),
  secret.map((text) => `\`${text.slice(0, half(text))}\` + \`${text.slice(half(text))}\``),
  secret.map((text) => `key: >-\n  ${text.slice(0, half(text))}\n  ${text.slice(half(text))}`),
)
const texts = fc.array(
  fc.array(written, { maxLength: 2 }).map((parts) => parts.join('')),
  { minLength: 1, maxLength: 6 },
)

test('texts are clean together exactly if each of them is by itself', () => {
  fc.assert(
    fc.property(texts, (all) => {
      expect(areClean(all)).toBe(all.every((text) => withoutSecrets(text) === text))
    }),
    { numRuns: 3000 },
  )
})

const twilio = makeUp('SK{hex:32}')

test.each([
  [
    'a key that is cut off, before a path of examples',
    makeUp('-----BEGIN PRIVATE KEY-----\n{b64:64}'),
    'docs/example/Part12/index',
  ],
  ['a key in two strings, before a word', `\`${twilio.slice(0, 9)}\` + \`${twilio.slice(9)}\``, 'word'],
])('%s is found', (_, text, next) => {
  expect(areClean([text, next])).toBe(false)
})

test('what one text says of its strings does not explain those of the next', () => {
  const key = makeUp('token = "{an:32}"')
  expect(areClean(['`hash a` + `b`', `\`${key.slice(0, 20)}\` + \`${key.slice(20)}\``])).toBe(false)
})
