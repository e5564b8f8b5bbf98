import { breather } from '../processes/breathe.ts'
import { shorten } from '../text/shorten.ts'
import { dropClaims, type Ground, unsupportedClaims } from './claims.ts'
import { searchesIn } from './searches.ts'

/** A text in a reply that states names which the code lacks. */
export interface Claim {
  /** Its place in the reply: ['symbols', 2, 'does']. */
  readonly at: readonly [key: string, ...rest: (string | number)[]]
  readonly text: string
  readonly unknown: readonly string[]
}

export interface Checked<Reply> {
  /** What the reply states and the code lacks, each once. */
  readonly problems: readonly string[]
  /** The texts that state it. */
  readonly claims: readonly Claim[]
  /** The reply without the sentences and entries that state it. */
  readonly sound: Reply
}

/**
 * Checks every text of a reply against the code.
 *
 * nameOf: the exact name for an entry of a list ({name or path, words}); null if no such name exists. An entry on a part of the code that has
 * none (a field, a variant of an enum) is left out, and is no claim. `concepts` are not checked: they are terms that the code lacks on
 * purpose. Throws the signal's reason when aborted.
 */
export async function checkReply<Reply extends object>(
  reply: Reply,
  ground: Ground,
  nameOf: (name: string) => string | null,
  signal?: AbortSignal,
): Promise<Checked<Reply>> {
  const breathe = breather(signal)
  const claims: Claim[] = []
  const soundText = async (text: string, ...at: Claim['at']) => {
    const unknown = await unsupportedClaims(text, ground, breathe)
    if (unknown.length > 0) claims.push({ at, text, unknown })
    return dropClaims(text, unknown)
  }
  const soundName = async (text: string, ...at: Claim['at']) => {
    await breathe()
    const name = nameOf(text)
    if (name === null && !isInCode(text, ground)) claims.push({ at, text, unknown: [text] })
    return name
  }
  const soundEntry = async (entry: unknown, list: string, index: number): Promise<unknown[]> => {
    if (typeof entry === 'string') return [await soundText(entry, list, index)].filter(Boolean)
    const fields = Object.entries(entry as Record<string, string>)
    const sound: Record<string, string> = {}
    for (const [key, text] of fields) {
      const isName = key === 'name' || key === 'path'
      const kept = await (isName ? soundName : soundText)(text, list, index, key)
      if (!kept) return []
      sound[key] = kept
    }
    return [sound]
  }
  const sound: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(reply)) {
    if (key === 'concepts') sound[key] = value
    else if (typeof value === 'string') sound[key] = await soundText(value, key)
    else {
      const entries: unknown[] = []
      for (const [index, entry] of (value as unknown[]).entries())
        entries.push(...(await soundEntry(entry, key, index)))
      sound[key] = entries
    }
  }
  return { problems: [...new Set(claims.flatMap(({ unknown }) => unknown))], claims, sound: sound as Reply }
}

/** Whether the code has all names of an entry: 'VersionEntry.published_at'. */
function isInCode(entry: string, ground: Ground): boolean {
  const names = partsOf(shorten(entry, LONGEST_NAME))
  return names.length > 0 && names.every(searchesIn(ground).has)
}

/** The reply with other texts in place of its claims. */
export function withClaimsReplaced<Reply extends object>(
  reply: Reply,
  claims: readonly Claim[],
  texts: readonly string[],
): Reply {
  const copy = structuredClone(reply)
  for (const [i, { at }] of claims.entries()) {
    const holder = at.slice(0, -1).reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], copy)
    ;(holder as Record<string | number, unknown>)[at.at(-1)!] = texts[i] ?? ''
  }
  return copy
}

/** True for an empty reply: all texts and lists but `concepts` are empty. */
export function isEmptyReply(reply: object): boolean {
  return Object.entries(reply).every(([key, value]) => key === 'concepts' || (value as string | unknown[]).length === 0)
}

const LONGEST_NAME = 5000 // characters: a path

/** Finds an existing name: as written, or the only one that ends so ('total' for 'Cart.total'). */
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

/**
 * Finds the definition of a file by its name, also in the notation of its language: 'Cart::total', 'Cart#total', '(*Cart).total',
 * 'cart.Total' behind the name of its package. Of several with the same last name it is the one whose container is named.
 */
export function definitionAmong(names: readonly string[]): (name: string) => string | null {
  const find = nameAmong(names)
  return (written) => {
    const found = find(written)
    if (found !== null) return found
    const parts = partsOf(shorten(written, LONGEST_NAME))
    const container = parts.at(-2)
    if (container === undefined) return null
    const same = names.filter((name) => partsOf(name).at(-1) === parts.at(-1))
    const held = same.filter((name) => partsOf(name).at(-2) === container)
    // 'Order.total' is not 'Cart.total' where there is an Order
    const isElsewhere = names.some((name) => partsOf(name).at(-1) === container)
    const [only, ...others] = held.length > 0 || isElsewhere ? held : same
    return only !== undefined && others.length === 0 ? only : null
  }
}

/** ['Cart', 'total'] of '(*Cart[T]).total(rate)'. */
function partsOf(name: string): string[] {
  const code = name.replace(/<[^<>]*>|\[[^[\]]*\]/g, '').replace(/(?<=\w)\(.*/s, '')
  return code.match(/[\p{L}_$@][\p{L}\p{N}_$]*[?!]?/gu) ?? []
}
