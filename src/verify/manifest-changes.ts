/** Keys that describe a package and run nothing. */
const WORDS =
  /^(name|version|description|keywords|classifiers|authors?|maintainers|readme|license|license-files|urls|homepage|repository|documentation|categories|edition|rust-version|include|exclude|publish|scripts|gui-scripts)$/

/**
 * Top-level keys of a JSON document that differ between two versions, except `harmless` ones. For dependencies, only added or changed ones:
 * 'dependencies (left-pad)'. before: null if it did not exist. null: it was deleted or cannot be read.
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
    return /dependencies$/i.test(key) ? [] : [key] // removed dependencies run nothing
  })
}

/**
 * Tables of a TOML document that differ between two versions, except `harmless` ones; in the table `main`, only keys that do not just
 * describe the package. before: null if it did not exist. null: it was deleted.
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

/** The lines of each table by its name; '' is the part before the first table. */
function tablesOf(toml: string): ReadonlyMap<string, string> {
  const tables = new Map<string, string>()
  let name = ''
  for (const line of toml.split(/\r?\n/)) {
    // a row of a list may be mistaken for a header; it then counts as an unknown table
    const code = line.replace(/#.*/, '').trim()
    if (code.startsWith('[') && !code.endsWith(',')) name = code.replace(/^\[|\]$|["'\s]/g, '')
    else if (line.trim() !== '') tables.set(name, `${tables.get(name) ?? ''}${line}\n`)
  }
  return tables
}

/** Text of each key in a table, up to the next key. A line of a string that contains '=' counts as an unknown key. */
function keysOf(table: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  let key = ''
  for (const line of table.split('\n')) {
    const start = /^[^=]*(?==)/.exec(line)?.[0].trim() ?? ''
    const isInText = (start.match(/["']/g) ?? []).length % 2 === 1 // "httpx>=0.27" in a list
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
