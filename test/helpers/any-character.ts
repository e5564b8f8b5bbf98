import fc from 'fast-check'

const SURROGATES = { first: 0xd800, count: 0x800 } // halves of pairs, which are no characters

/** Any character of Unicode, for texts without limits. fast-check's own unit 'binary' first makes a table of all: a second, and 85 MB. */
export const ANY_CHARACTER = fc
  .nat(0x10ffff - SURROGATES.count)
  .map((n) => String.fromCodePoint(n < SURROGATES.first ? n : n + SURROGATES.count))
