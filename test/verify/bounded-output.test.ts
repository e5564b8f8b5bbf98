import { expect, test } from 'vitest'
import { secretsIn } from '../../src/secrets/find-secrets.ts'
import { boundedOutput } from '../../src/verify/bounded-output.ts'
import { makeUp } from '../secrets/make-up.ts'

const token = (seed: string) => makeUp('ghp_{an:36}', seed)

async function shown(text: string, first = 200, last = 800): Promise<string> {
  const output = boundedOutput(first, last, (all) => secretsIn(all, 'text'))
  for (let at = 0; at < text.length; at += 777) output.add(text.slice(at, at + 777))
  return output.text()
}

test('no half of a secret is shown where the middle is left out, however much of the rest is secrets', async () => {
  const key = makeUp(`-----BEGIN PRIVATE KEY-----\n${'{b64:64}\n'.repeat(12)}-----END PRIVATE KEY-----`, 'key')
  const tokens = Array.from({ length: 80 }, (_, i) => token(String(i)))
  const all = tokens.map((one) => `${key}\n${one}\n`).join('')
  for (let shift = 0; shift < 900; shift += 25) {
    const text = await shown(`${'x'.repeat(shift)}\n${all}`, 2000, 8000)
    const bare = text.replaceAll('[GitHub token left out]', '')
    expect(text).toContain('characters left out ...]')
    expect(tokens.filter((one) => [one.slice(0, 12), one.slice(-8)].some((part) => bare.includes(part)))).toEqual([])
  }
})

test('a secret at the edge of what is shown is left out whole', async () => {
  const secret = token('edge')
  for (const at of [170, 190, 199]) {
    const text = await shown(`${'a '.repeat(at / 2)}${secret}${' b'.repeat(3000)}`)
    expect(text.slice(0, 230)).toContain('[GitHub token left out]')
    expect(text).not.toContain(secret.slice(4, 12))
  }
})

test('of a long output the first and the last part are shown, and how much is left out', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}`).join('\n')
  const text = await shown(lines)
  expect(text.startsWith('line 0\nline 1\n')).toBe(true)
  expect(text.endsWith('line 19999')).toBe(true)
  expect(text).toContain(`[... ${(lines.length - 1000).toLocaleString('en')} characters left out ...]`)
  expect(await shown('short\n')).toBe('short')
})
