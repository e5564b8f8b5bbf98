import { asObject } from './loose-json.ts'

/** Where a source is likelier to be found first. Other conditions stand between 'import' and 'default'. */
const CONDITION_RANK: ReadonlyMap<string, number> = new Map([
  ['source', 0],
  ['types', 1],
  ['import', 2],
  ['default', 4],
])
const OTHER_RANK = 3

/**
 * The targets that a package.json `exports` or `imports` field gives for one key ('.', './sub', '#name'), most telling
 * condition first, '*' filled in. [] when the key is not there. `field` may be malformed in any way.
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

/** What stands for the '*' of a pattern in a name; null when it does not match or has no '*'. */
export function starMatch(pattern: string, name: string): string | null {
  const star = pattern.indexOf('*')
  if (star < 0) return null
  const tail = pattern.slice(star + 1)
  const fits = name.length >= pattern.length - 1 && name.startsWith(pattern.slice(0, star)) && name.endsWith(tail)
  return fits ? name.slice(star, name.length - tail.length) : null
}

/** The pattern with the longest part before its '*', as Node and TypeScript choose; null for none. */
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
