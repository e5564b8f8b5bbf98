/**
 * A summary's body with its members' old names exchanged for today's, wherever they stand as a whole name. The body
 * itself when every name is as it was.
 *
 * is: today's names of the members that body.names had, in the same order (membersHash).
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

/** A folder's name ('tax/') may go on, a file's may not. */
function wholeName(name: string): string {
  const literal = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return `(?<![\\w/.-])${literal}${name.endsWith('/') ? '' : '(?![\\w-])'}`
}
