import type { Db } from './db.ts'

/** What queries found in one working tree, by what they were asked for. null: nothing. */
export type Known<Key, Value> = Map<Key, Value | null>

/**
 * Remembers what queries found, until anything is written to the database, by this connection or by another one. Call the result before each
 * use: it returns what still holds. most: entries of a working tree.
 */
export function queryMemory<Key, Value>(db: Db, most: number): (worktree: number) => Known<Key, Value> {
  const all = new Map<number, Known<Key, Value>>()
  let seen = ''
  return (worktree) => {
    const now = db.state()
    if (now !== seen) all.clear()
    seen = now
    const known = all.get(worktree)
    if (known && known.size < most) return known
    const empty: Known<Key, Value> = new Map()
    all.set(worktree, empty)
    return empty
  }
}

/** The value of a key, read if it is not known. */
export function remembered<Key, Value>(known: Known<Key, Value>, key: Key, read: () => Value): Value {
  const value = known.get(key) ?? read()
  known.set(key, value)
  return value
}

/** The values of those keys that have one, in the order of the keys. read: called once, with the keys that are not known. */
export function rememberedEach<Key, Value>(
  known: Known<Key, Value>,
  keys: readonly Key[],
  read: (unknown: readonly Key[]) => Iterable<readonly [Key, Value]>,
): Map<Key, Value> {
  const unknown = keys.filter((key) => !known.has(key))
  if (unknown.length > 0) {
    const found = new Map(read(unknown))
    for (const key of unknown) known.set(key, found.get(key) ?? null)
  }
  const values = new Map<Key, Value>()
  for (const key of keys) {
    const value = known.get(key)
    if (value !== null && value !== undefined) values.set(key, value)
  }
  return values
}
