/** What says something of a package, and runs nothing. */
const WORDS =
  /^(name|version|description|keywords|classifiers|authors?|maintainers|readme|license|license-files|urls|homepage|repository|documentation|categories|edition|rust-version|include|exclude|publish|entry-points|scripts|gui-scripts)$/

/**
 * Keys of a JSON document, at its top, that two versions of it say otherwise, but for `harmless` ones. Of dependencies only those that were
 * added or are other ones: 'dependencies (left-pad)'. before: null where there was none. null: it is gone, or cannot be read.
 */
export function changedKeys(
  before: string | null,
  after: string | null,
  harmless: readonly string[],
): readonly string[] | null {
  const [old, now] = [objectOf(before ?? '{}'), objectOf(after)]
  if (!old || !now) return null
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) => {
    if (harmless.includes(key) || isSame(old[key], now[key])) return []
    const [was, is] = [asObject(old[key]), asObject(now[key])]
    if (!was || !is) return [key]
    const others = Object.keys(is).filter((one) => !isSame(was[one], is[one]))
    if (others.length > 0) return [`${key} (${others.join(', ')})`]
    return /dependencies$/i.test(key) ? [] : [key] // what is gone runs nothing
  })
}

/**
 * Tables of a TOML document that two versions of it say otherwise, but for `harmless` ones; of the table `main` only keys that do not just
 * describe the package. before: null where there was none. null: it is gone.
 */
export function changedTables(
  before: string | null,
  after: string | null,
  harmless: RegExp,
  main: string,
): readonly string[] | null {
  if (after === null) return null
  const [old, now] = [tablesOf(before ?? ''), tablesOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name) ?? '', now.get(name) ?? '']
    if (harmless.test(name) || was === is) return []
    if (name !== main) return [name === '' ? 'its top' : name]
    const [wasKeys, isKeys] = [keysOf(was), keysOf(is)]
    const keys = [...new Set([...wasKeys.keys(), ...isKeys.keys()])].filter(
      (key) => wasKeys.get(key) !== isKeys.get(key) && !WORDS.test(key),
    )
    return keys.map((key) => `${name}.${key}`)
  })
}

/** The lines of each table, by its name; '' is what stands above the first. */
function tablesOf(toml: string): ReadonlyMap<string, string> {
  const tables = new Map<string, string>()
  let name = ''
  for (const line of toml.split(/\r?\n/)) {
    // a row of a list may be taken for a header, and then counts as a table that nobody knows
    const code = line.replace(/#.*/, '').trim()
    if (code.startsWith('[') && !code.endsWith(',')) name = code.replace(/^\[|\]$|["'\s]/g, '')
    else if (line.trim() !== '') tables.set(name, `${tables.get(name) ?? ''}${line}\n`)
  }
  return tables
}

/** What stands from each key of a table to the next. A line of a text with '=' in it counts as a key that nobody knows. */
function keysOf(table: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  let key = ''
  for (const line of table.split('\n')) {
    const start = /^[^=]*(?==)/.exec(line)?.[0].trim() ?? ''
    const isInText = (start.match(/["']/g) ?? []).length % 2 === 1 // "httpx>=0.27" of a list
    if (start !== '' && !isInText) key = start
    keys.set(key, `${keys.get(key) ?? ''}${line}\n`)
  }
  return keys
}

type Json = Readonly<Record<string, unknown>>

function objectOf(text: string | null): Json | null {
  if (text === null) return null
  try {
    return asObject(JSON.parse(text.replace(/^\uFEFF/, '')))
  } catch {
    return null
  }
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
