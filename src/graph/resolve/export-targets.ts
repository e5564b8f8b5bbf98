import { asObject, type JsonObject, MOST_STRINGS } from './loose-json.ts'

/** Conditions ranked by how likely they lead to a source. Unlisted ones rank between 'import' and 'default'. */
const CONDITION_RANK: ReadonlyMap<string, number> = new Map([
  ['source', 0],
  ['types', 1],
  ['import', 2],
  ['default', 4],
])
const OTHER_RANK = 3

/**
 * The targets for one key ('.', './sub', '#name') of a package.json `exports` or `imports` field, best condition first, with '*' filled in.
 * [] if the key is missing. `field` may be malformed in any way.
 */
export function exportTargets(field: unknown, key: string): readonly string[] {
  const table = asObject(field)
  if (table === null || !isTable(table)) return key === '.' ? leaves(field) : []
  if (Object.hasOwn(table, key) && !key.includes('*')) return leaves(table[key])

  const pattern = mostSpecific(table, key)
  if (pattern === null) return []
  const star = starMatch(pattern, key)!
  return leaves(table[pattern]).map((target) => target.replaceAll('*', () => star))
}

/** The part of a name that matches the '*' of a pattern; null if the pattern does not match or has no '*'. */
export function starMatch(pattern: string, name: string): string | null {
  const star = pattern.indexOf('*')
  if (star < 0) return null
  const tail = pattern.slice(star + 1)
  const fits = name.length >= pattern.length - 1 && name.startsWith(pattern.slice(0, star)) && name.endsWith(tail)
  return fits ? name.slice(star, name.length - tail.length) : null
}

/** If a table has more patterns than this, the rest are ignored: every import is compared with each. */
const MOST_PATTERNS = 1000

/** The pattern of a table that matches a name. Of several, the one with the longest part before '*' wins, as in Node. null: none. */
export function mostSpecific(table: JsonObject, name: string): string | null {
  return patternsOf(table).find((pattern) => starMatch(pattern, name) !== null) ?? null
}

/** The patterns of a table, the most specific first. */
const patternsOf = remembered((table: JsonObject) =>
  Object.keys(table)
    .filter((name) => name.includes('*'))
    .slice(0, MOST_PATTERNS)
    .sort((a, b) => b.indexOf('*') - a.indexOf('*')),
)

const isTable = remembered((table: JsonObject) =>
  Object.keys(table).some((name) => name.startsWith('.') || name.startsWith('#')),
)

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? leavesWithin(value) : []
}

const leavesWithin = remembered((value: object): readonly string[] => {
  const inner = Array.isArray(value)
    ? value.slice(0, MOST_STRINGS)
    : Object.entries(value)
        .slice(0, MOST_STRINGS)
        .sort(([a], [b]) => rank(a) - rank(b))
        .map(([, one]) => one)
  return inner.flatMap(leaves).slice(0, MOST_STRINGS)
})

/** Caches a function's result for each object: every import looks up its name in the table, which may have a megabyte. */
function remembered<Of extends object, Answer>(find: (of: Of) => Answer): (of: Of) => Answer {
  const known = new WeakMap<Of, { readonly answer: Answer }>()
  return (of) => {
    let found = known.get(of)
    if (!found) {
      found = { answer: find(of) }
      known.set(of, found)
    }
    return found.answer
  }
}

function rank(condition: string): number {
  return CONDITION_RANK.get(condition) ?? OTHER_RANK
}
