import { describe, expect, test } from 'vitest'
import { RULES, type Rule } from '../../src/secrets/rules.ts'
import { tableSecrets } from '../../src/secrets/table-secrets.ts'
import { makeUp } from './make-up.ts'

const SEEDS = ['a', 'b', 'c']

/** What stands around a secret; each keeps it as it is. */
const PLACES: Readonly<Record<string, (secret: string) => string>> = {
  alone: (secret) => secret,
  'on a line among others': (secret) => `first = 1\n${secret}\nlast = 2\n`,
  'with Windows line ends': (secret) => `a = 1\r\n${secret.replaceAll('\n', '\r\n')}\r\nb = 2\r\n`,
  'behind much text': (secret) => `${'const x = call(y)\n'.repeat(500)}${secret}\n`,
  'beside other scripts': (secret) => `# Schlüssel für Größe 缓存\n${secret}\n`,
}

/** More of them, for secrets that their form tells. */
const ANYWHERE: Readonly<Record<string, (secret: string) => string>> = {
  'in a string': (secret) => `const key = '${secret}'`,
  'in JSON': (secret) => JSON.stringify({ name: 'x', value: secret }, null, 2),
  'in YAML': (secret) => `service:\n  value: ${secret}\n`,
  'in a comment': (secret) => `// do not use ${secret}, it is old`,
  'in a command': (secret) => `deploy --key=${secret} && echo done`,
  'in a sentence': (secret) => `The value is ${secret}.`,
}

const found = (text: string) => tableSecrets(text).map(({ from, to }) => text.slice(from, to))
const isOneLine = ({ example }: Rule) => !example.includes('\n')

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('no character class that it repeats accepts both NUL and line ends: a match would span texts that are searched together', () => {
    const repeated = rule.pattern.source.match(/\[(?:\\.|[^\]\\])*\][*+{]/g) ?? []
    const both = repeated.filter((one) => ['\0', '\n'].every((end) => new RegExp(one.slice(0, -1)).test(end)))
    expect(both).toEqual([])
  })

  test('its made-up example is found, and nothing but that', () => {
    for (const seed of SEEDS) {
      const example = makeUp(rule.example, seed)
      for (const [place, put] of Object.entries(PLACES)) {
        const text = put(example)
        const secrets = tableSecrets(text)
        expect(
          secrets.map(({ kind }) => kind),
          `${place}: ${text.slice(-300)}`,
        ).toEqual([rule.kind])
        const { from, to } = secrets[0]!
        const inside = text.slice(from, to).replaceAll('\r', '').trim()
        expect(example.replaceAll('\r', '')).toContain(inside)
        expect(inside.length).toBeGreaterThan(5)
      }
    }
  })

  test.runIf(rule.tellsItself && isOneLine(rule))('it is found wherever it stands', () => {
    const example = makeUp(rule.example, 'd')
    const [secret] = found(example) as [string]
    if (secret !== example) return // its form needs what stands around
    for (const [place, put] of Object.entries(ANYWHERE))
      expect(
        found(put(secret)).some((one) => one.includes(secret.slice(0, -1))),
        place,
      ).toBe(true)
  })

  test.runIf(rule.tellsItself && isOneLine(rule))('it is found in base64', () => {
    const example = makeUp(rule.example, 'e')
    for (const text of [example, `password: x\n${example}\n`]) {
      const base64 = Buffer.from(text).toString('base64')
      expect(found(`data:\n  config: ${base64}\n`).join('')).toContain(base64.replace(/=+$/, ''))
      expect(found(`x = "${Buffer.from(text).toString('base64url')}"`)).toHaveLength(1)
    }
  })

  test.runIf(rule.tellsItself && isOneLine(rule))('it is found where its parts are put together', () => {
    const example = makeUp(rule.example, 'f')
    const [secret] = found(example) as [string]
    if (secret !== example) return
    const [half, rest] = [secret.slice(0, Math.floor(secret.length / 2)), secret.slice(Math.floor(secret.length / 2))]
    const texts = [
      `key = "${half}" +\n      "${rest}"\n`,
      `key = '${half}' + '${rest}'`,
      `key = "${half}"\n  "${rest}"\n`,
      `$key = '${half}' . '${rest}';`,
      `key = "${half}" .. "${rest}"`,
      `key = "${half}" <> "${rest}"`,
      `KEY=${half}\\\n${rest}\n`,
      `key: >-\n  ${half}\n  ${rest}\nother: 1\n`,
    ]
    for (const text of texts) {
      const [whole] = found(text)
      expect(typeof whole, text).toBe('string')
      for (const part of [half, rest]) expect(whole, text).toContain(part.slice(1, -1))
    }
  })
})

test('every rule has an id of its own, and keywords in lower case', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length)
  for (const { keywords } of RULES) for (const keyword of keywords) expect(keyword).toMatch(/^[^A-Z]+$/)
})
