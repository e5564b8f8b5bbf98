import fc from 'fast-check'
import { ANY_CHARACTER } from '../../helpers/any-character.ts'

/** Names that mean something to JavaScript. */
export const LOADED_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'length', 'then', 'toJSON']

/** JSON values that code forgets: of every type, with names that objects have anyway, out of every range. */
export const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, false, 0, -1, 0.5, 1e308, -1e308, 2 ** 53, 4294967295, '', ' ', '\n', '\0', '7', '-1', [], {}],
    ...['\x1b[2J', '\u202e', '\ud800', 'x'.repeat(3000), [null], [[]], [{}], { toString: 1 }, { length: 9 }],
    ...[JSON.parse('{"__proto__": {"a": 1}}'), { constructor: { prototype: null } }, JSON.parse('{"then": 1}')],
  ),
  fc.jsonValue({ maxDepth: 3, noUnicodeString: false }) as fc.Arbitrary<unknown>,
  fc.dictionary(fc.constantFrom(...LOADED_NAMES), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
)

/** Mostly what is meant, else something strange; both as they come out of JSON. */
export function mostly<T>(meant: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 4, arbitrary: meant as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: strange })
}

/** An object of which each key may lack or be strange, and which may be something else altogether. */
export function nearly(shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const keys = Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, mostly(value)]))
  const record = fc.record(keys, { requiredKeys: [] })
  const extra = fc.dictionary(fc.oneof(fc.constantFrom(...LOADED_NAMES), fc.string({ maxLength: 5 })), strange, {
    maxKeys: 2,
  })
  return fc.oneof(
    { weight: 6, arbitrary: record as fc.Arbitrary<unknown> },
    {
      weight: 2,
      arbitrary: fc.tuple(record, extra).map(([one, more]) => Object.assign(Object.create(null), one, more)),
    },
    { weight: 1, arbitrary: strange },
  )
}

export function list(of: fc.Arbitrary<unknown>, maxLength = 4): fc.Arbitrary<unknown> {
  return mostly(fc.array(mostly(of), { maxLength }))
}

/** Text as files hold it: words of the grammar at hand, put together in any order, and rubbish. */
export function textOf(words: readonly string[], maxLength = 30): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.array(fc.constantFrom(...words), { maxLength }).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: ANY_CHARACTER, maxLength: 60 }) },
  )
}

/** The text of a value, whole, cut off, or with a piece put in. */
export function jsonText(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc
    .tuple(value, fc.nat(200), fc.constantFrom('whole', 'whole', 'whole', 'cut', 'torn', 'bom', 'deep'))
    .map(([one, at, how]) => {
      const text = JSON.stringify(one) ?? 'null'
      if (how === 'cut') return text.slice(0, at)
      if (how === 'torn') return `${text.slice(0, at)}\0}"${text.slice(at)}`
      if (how === 'bom') return `\uFEFF${text}`
      if (how === 'deep') return `${'['.repeat(at * 50)}${text}${']'.repeat(at * 50)}`
      return text
    })
}
