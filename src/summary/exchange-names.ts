/**
 * Replaces the old names of members in a summary's body with today's, wherever they stand as a whole name. Returns the
 * same body if no name has changed.
 *
 * is: today's names of the members, in the order of body.names (membersHash).
 */
export function exchangeNames<Body extends { readonly names: readonly string[] }>(
  body: Body,
  is: readonly string[],
): Body {
  const renamed = new Map<string, string>()
  body.names.forEach((name, at) => {
    if (is[at] !== undefined && is[at] !== name) renamed.set(name, is[at])
  })
  if (renamed.size === 0) return body
  const anyOf = new RegExp(
    [...renamed.keys()]
      .sort((a, b) => b.length - a.length)
      .map(wholeName)
      .join('|'),
    'g',
  )
  const exchange = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(anyOf, (name) => renamed.get(name)!)
    if (Array.isArray(value)) return value.map(exchange)
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, exchange(part)]))
    return value
  }
  return { ...(exchange(body) as Body), names: is }
}

/** A pattern for a whole name. A path may go on after a folder's name ('tax/'), but not after a file's. */
function wholeName(name: string): string {
  const literal = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return `(?<![\\w/.-])${literal}${name.endsWith('/') ? '' : '(?![\\w-])'}`
}
