import { asObject } from './loose-json.ts'

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
  const isTable = table !== null && Object.keys(table).some((name) => name.startsWith('.') || name.startsWith('#'))
  if (!isTable) return key === '.' ? leaves(field) : []
  if (Object.hasOwn(table, key) && !key.includes('*')) return leaves(table[key])

  const pattern = mostSpecific(Object.keys(table).filter((name) => starMatch(name, key) !== null))
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

/** The pattern with the longest part before its '*', the rule of Node and TypeScript; null for none. */
export function mostSpecific(patterns: readonly string[]): string | null {
  let best: string | null = null
  for (const pattern of patterns) if (best === null || pattern.indexOf('*') > best.indexOf('*')) best = pattern
  return best
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(leaves)
  return Object.entries(asObject(value) ?? {})
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([, inner]) => leaves(inner))
}

function rank(condition: string): number {
  return CONDITION_RANK.get(condition) ?? OTHER_RANK
}
