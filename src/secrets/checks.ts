/** The test that a value must pass to count as a secret if its form alone is not enough. */
export type ValueCheck = keyof typeof CHECKS

const CHECKS = {
  any: () => true,
  token: (value: string) => !isPlaceholder(value),
  'long token': (value: string) => isRandom(value.replace(/^A+/, ''), MIXED),
  random: (value: string) => isRandom(value, MIXED),
  'very random': (value: string) => isRandom(value, VERY_MIXED) && bitsOf(value) >= 4,
  'random or UUID': (value: string) => UUID.test(value) || isRandom(value, MIXED),
  'short random': (value: string) =>
    !isPlaceholder(value) && /\d/.test(value) && /[a-z]/.test(value) && bitsOf(value) >= 3,
  'web token': isWebToken,
  password: (value: string) => isPassword(unescaped(value), 8),
  'bare password': (value: string) => isPassword(unescaped(value), 8) && !CODE.test(value),
  'mixed password': (value: string) => isPassword(unescaped(value), 8) && isMixed(value) && !CODE.test(value),
  'url password': (value: string) => isPassword(unescaped(value), 6),
  'base64 user:password': isLogin,
  'key block': isKeyBlock,
  // the text before the key may end within a group of four characters
  'key block in base64': (value: string) => ['', 'A', 'AA', 'AAA'].some((start) => isKeyBlock(decoded(start + value))),
}

/** True if a value that a rule found is a secret. */
export function passes(check: ValueCheck, value: string): boolean {
  return CHECKS[check](value)
}

const TEMPLATE = /^\$\w|\$[{(]|[{<%#]\{|^[{<%].*[}>%]$|%[sdv(]|\*{3}|\.{3}|…|<\w/
const SAYS_EXAMPLE =
  /example|sample|placeholder|dummy|redacted|change[-_ ]?(?:me|this|it)|replace|(?<![a-z])(?:your|my)[-_]|your(?:api|key|token|secret|pass)|x{4,}|insert|fake|here$|mock/i

/** True for the placeholders that documentation shows instead of a secret. */
function isPlaceholder(value: string): boolean {
  return TEMPLATE.test(value) || SAYS_EXAMPLE.test(value) || !hasDifferent(value, Math.min(6, value.length / 2))
}

/** Whether a value has at least so many different characters. Looks no further than it needs: a value can have thousands. */
function hasDifferent(value: string, least: number): boolean {
  let seen = ''
  for (const sign of value) {
    if (seen.length >= least) return true
    if (!seen.includes(sign)) seen += sign
  }
  return seen.length >= least
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const IN_ORDER = /abcdef|123456|654321|qwerty|deadbeef|cafebabe|abc123|test/i
const VERY_MIXED = 0.35
const MIXED = 0.22 // changes between lower case, upper case and digits, per character: random letters and digits have .6, hexadecimal digits .45, words below .2

/** True for letters and digits in random order: at least 16, no words, no UUID, no dates and versions. */
function isRandom(value: string, mixed: number): boolean {
  if (value.length < 16 || !/[a-z]/i.test(value) || !/\d/.test(value)) return false
  if (UUID.test(value) || IN_ORDER.test(value) || /^urn:/.test(value) || isPlaceholder(value)) return false
  const plain = value.replace(/[^A-Za-z0-9]/g, '')
  const changes = plain.match(/(?<=[a-z])[^a-z]|(?<=[A-Z])[^A-Z]|(?<=\d)\D/g)?.length ?? 0
  return changes >= mixed * plain.length && bitsOf(value) >= 3
}

/** Shannon entropy in bits per character. */
function bitsOf(value: string): number {
  const counts = new Map<string, number>()
  for (const sign of value) counts.set(sign, (counts.get(sign) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits
}

const PLAIN_WORDS =
  /pass(?:w(?:or)?d|word|phrase|code)?|pwd|secret|token|key|test(?:ing|er)?|admin|user(?:name)?|root|guest|login|auth|foo|bar|baz|qux|demo|default|value|super|very|strong|weak|some|new|old|current|wrong|correct|invalid|valid|bad|good|short|long|random|hello|world|string|postgres|mysql|redis|mongo|db|laravel|access|refresh|session|my|the|is|it|not|a\b/gi
const CODE = /[,<>]$|\?\.|^[a-z_]+\d$/i
const PATH_OR_CODE =
  /\s|:.*@|^(?:urn:|[./~@#\\]|[a-z]:\\)|:\/\/|^[\w$#]+(?:\.[\w$#]+)+$|^[\w$]+(?:::|->)|[()[\]{};]|^--|^&|=$|\w+\/\w+\/|^\d+(?:\.\d+)+/i

const RANDOM_BYTES = /^[A-Za-z0-9+/_-]{32,}={0,2}$/
const PADDED = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/ // base64, as in a Secret of Kubernetes

function isPlainText(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text)
}

const SENTENCE = /(?:[a-z]+[-_]){5}/

/** True for a word with letters and with digits or punctuation that is no placeholder and not composed of words that tests use. */
function isPassword(value: string, least: number): boolean {
  if (value.length < least || isPlaceholder(value) || UUID.test(value)) return false
  if (RANDOM_BYTES.test(value) && isRandom(value, MIXED)) return true // `openssl rand -base64 32`
  if (PADDED.test(value)) return isPlainText(decoded(value)) && isPassword(decoded(value), least)
  if (!/[a-z]/i.test(value) || !/[\d!@#$%^&*+=?~]/.test(value) || PATH_OR_CODE.test(value) || SENTENCE.test(value))
    return false
  if (value.length >= 10 && [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].every((kind) => kind.test(value))) return true
  const rest = value.replace(PLAIN_WORDS, '').replace(/(?:0?123(?:4(?:5(?:6(?:78?9?)?)?)?)?|abc|xyz|qwerty)/gi, '')
  return rest.replace(/[-_.]/g, '').length >= 4 && /[a-z]/i.test(rest) && /[^a-z_.-]/i.test(rest)
}

/** True with lower case, upper case and digits, but not for words and a digit ('Argon2Hash'). For places that prove little. */
function isMixed(value: string): boolean {
  if (![/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(value))) return false
  return /[!@#$%^&*+=?~]/.test(value) || value.replace(/[A-Z]?[a-z]{3,}/g, '').length >= 4
}

/** A part of an address, unescaped as often as it was escaped. */
function unescaped(value: string): string {
  const once = value.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return once === value ? value : unescaped(once)
}

/** True for base64 of 'user:password'. */
function isLogin(value: string): boolean {
  const login = decoded(value)
  const at = login.indexOf(':')
  return at >= 0 && isPlainText(login) && isPassword(login.slice(at + 1), 6)
}

// The token of jwt.io, which much documentation shows, detected by the ends of its two signatures.
const DOCUMENTED = /(?:adQssw5c|eFONFh7HgQ)$/

function isWebToken(value: string): boolean {
  return !DOCUMENTED.test(value) && /^\{\s*"/.test(decoded(value.slice(0, value.indexOf('.')))) && !isPlaceholder(value)
}

const LEAST_KEY = 40 // characters in base64; an elliptic-curve key has 64

/** True for the text of a private key or its beginning; false for its first and last line alone. */
function isKeyBlock(value: string): boolean {
  if (!/BEGIN [A-Z0-9 ]*PRIVATE KEY/.test(value)) return false
  const body = value.replace(/-{4,5} ?(?:BEGIN|END)[A-Z0-9 ]*-{4,5}/g, '').replace(/^[\w-]+:.*$/gm, '')
  const lines = body
    .split(/\\[nr]|[^A-Za-z0-9+/=_-]+/)
    .filter((line) => line.length >= 16 && /\d|[A-Z].*[A-Z]/.test(line))
  const letters = lines.join('')
  return letters.length >= LEAST_KEY && !isPlaceholder(letters.slice(0, 400))
}

function decoded(value: string): string {
  return Buffer.from(value.replace(/\\[nr]|\s/g, ''), 'base64').toString('latin1')
}
