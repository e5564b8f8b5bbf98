import { shorten } from '../shorten.ts'
import { dropClaims, type Ground, unsupportedClaims } from './claims.ts'

export interface Checked<Reply> {
  /** What the reply states and the code lacks, each once. */
  readonly problems: readonly string[]
  /** The reply without the sentences and entries that state it. */
  readonly sound: Reply
}

/**
 * Holds every text of a reply against the code.
 *
 * nameOf: the name that an entry of a list ({name or path, words}) must bear, as it is really written; null for one that
 * does not exist. `concepts` are terms that the code lacks by intention: they are not looked at.
 */
export function checkReply<Reply extends object>(
  reply: Reply,
  ground: Ground,
  nameOf: (name: string) => string | null,
): Checked<Reply> {
  const problems = new Set<string>()
  const soundText = (text: string) => {
    const unsupported = unsupportedClaims(text, ground)
    for (const name of unsupported) problems.add(name)
    return dropClaims(text, unsupported)
  }
  const soundEntry = (entry: unknown): unknown[] => {
    if (typeof entry === 'string') return [soundText(entry)].filter(Boolean)
    const fields = Object.entries(entry as Record<string, string>)
    const sound: Record<string, string> = {}
    for (const [key, text] of fields) {
      const isName = key === 'name' || key === 'path'
      const kept = isName ? nameOf(text) : soundText(text)
      if (isName && kept === null) problems.add(text)
      if (!kept) return []
      sound[key] = kept
    }
    return [sound]
  }
  const sound = Object.fromEntries(
    Object.entries(reply).map(([key, value]) => {
      if (key === 'concepts') return [key, value]
      return [key, typeof value === 'string' ? soundText(value) : (value as unknown[]).flatMap(soundEntry)]
    }),
  ) as Reply
  return { problems: [...problems], sound }
}

/** True for a reply that says nothing: all texts and lists but `concepts` are empty. */
export function isEmptyReply(reply: object): boolean {
  return Object.entries(reply).every(([key, value]) => key === 'concepts' || (value as string | unknown[]).length === 0)
}

const LONGEST_NAME = 5000 // characters: a path

/** Finds the name meant among those that exist: as written, or the only one that ends so ('total' for 'Cart.total'). */
export function nameAmong(names: readonly string[]): (name: string) => string | null {
  const known = new Set(names)
  return (written) => {
    const bare = shorten(written.replace(/`/g, ''), LONGEST_NAME)
    const name = (bare.endsWith(')') && bare.includes('(') ? bare.slice(0, bare.indexOf('(')) : bare).trim()
    if (known.has(name)) return name
    const ending = names.filter((one) => one.endsWith(`.${name}`) || one === `${name}/`)
    return ending.length === 1 ? ending[0]! : null
  }
}
