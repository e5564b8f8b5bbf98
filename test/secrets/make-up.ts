import { createHash } from 'node:crypto'

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const ALPHABETS: Readonly<Record<string, string>> = {
  an: LOWER + LOWER.toUpperCase() + DIGITS,
  an58: 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ123456789',
  lo: LOWER + DIGITS,
  up: `${LOWER.toUpperCase()}234567`,
  let: LOWER + LOWER.toUpperCase(),
  dig: DIGITS,
  hex: 'abcdef0123456789',
  bech: 'acdefghjklmnpqrstuvwxyz023456789',
  b64: `${LOWER}${LOWER.toUpperCase()}${DIGITS}+/`,
  b64u: `${LOWER}${LOWER.toUpperCase()}${DIGITS}-_`,
  pw: 'abcdefghkmnpqrstuvwxyzACDEFHJKLMNPQRTUVWXY34679',
}

/**
 * A made-up secret like an example in rules.ts, always the same for a seed. So the tests hold no real secret, and none that a scanner would take
 * for one.
 */
export function makeUp(example: string, seed = ''): string {
  let count = 0
  return example.replace(/\{(\w+)(?::(\d+))?\}/g, (_, what: string, size = '0') =>
    made(what, Number(size), `${seed} ${example} ${count++}`),
  )
}

function made(what: string, size: number, seed: string): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const web = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  if (what === 'usd') return '$'
  if (what === 'uuid') return [8, 4, 4, 4, 12].map((length, i) => signs('hex', length, `${seed} ${i}`)).join('-')
  if (what === 'login64') return base64(`shop:${signs('pw', 14, seed)}7q`)
  if (what === 'pem64')
    return base64(makeUp('-----BEGIN RSA PRIVATE KEY-----\n{b64:64}\n{b64:64}\n-----END RSA PRIVATE KEY-----\n', seed))
  if (what === 'snowflake64') return base64(`9${signs('dig', 17, seed)}`)
  if (what === 'jwt')
    return `${web({ alg: 'HS256', typ: 'JWT' })}.${web({ sub: signs('an', 8, seed) })}.${signs('b64u', 43, seed)}`
  if (what === 'pw') return `${signs('pw', size - 2, seed)}7q`
  return signs(what, size, seed)
}

function signs(alphabet: string, size: number, seed: string): string {
  const letters = ALPHABETS[alphabet]
  if (!letters) throw new Error(`there is no alphabet ${alphabet}`)
  let text = ''
  for (let block = 0; text.length < size; block++)
    for (const byte of createHash('sha512').update(`${seed} ${block}`).digest()) text += letters[byte % letters.length]
  return text.slice(0, size)
}
