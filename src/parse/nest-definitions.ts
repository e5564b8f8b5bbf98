import type { Definition } from './definition-of.ts'

const MOST_DEEP = 10 // a name with more parts helps nobody, and generated nesting would make names of megabytes

export interface Nest {
  /** In order of place; a container precedes its content. */
  readonly kept: readonly Definition[]
  /** Position in `kept` of each one's container; -1: none. */
  readonly parents: readonly number[]
}

/**
 * Determines nesting, and drops definitions that are local: anything in a function or test except functions and classes with a body (and
 * tests in tests), anything in a test without inner tests, a reassigned value, and anything deeper than ten levels. O(n log n).
 */
export function nestDefinitions(definitions: readonly Definition[]): Nest {
  const all = [...definitions].sort((a, b) => a.from - b.from || b.to - a.to)
  const kept: Definition[] = []
  const parents: number[] = []
  const open: number[] = []
  const values = new Set<string>()
  for (const one of all) {
    while (open.length && !holds(kept[open.at(-1)!]!, one)) open.pop()
    const parent = open.at(-1) ?? -1
    if (open.length >= MOST_DEEP || (parent >= 0 && isLocal(one, kept[parent]!))) continue
    if (one.kind === 'value') {
      const key = `${parent} ${one.name}`
      if (values.has(key)) continue
      values.add(key)
    }
    open.push(kept.length)
    kept.push(one)
    parents.push(parent)
  }
  return withoutTestLocals({ kept, parents })
}

/** A test's own definitions are local. Definitions beside tests in a group of tests belong to the group. */
function withoutTestLocals(nest: Nest): Nest {
  const isGroup = nest.kept.map(() => false)
  nest.kept.forEach(({ kind }, i) => {
    if (kind === 'test' && nest.parents[i]! >= 0) isGroup[nest.parents[i]!] = true
  })
  const kept: Definition[] = []
  const parents: number[] = []
  const places: number[] = [] // new position of each old one; -1: dropped
  nest.kept.forEach((one, i) => {
    const parent = nest.parents[i]!
    const isDropped = parent >= 0 && (places[parent] === -1 || (nest.kept[parent]!.kind === 'test' && !isGroup[parent]))
    places.push(isDropped ? -1 : kept.length)
    if (isDropped) return
    kept.push(one)
    parents.push(parent < 0 ? -1 : places[parent]!)
  })
  return { kept, parents }
}

/** Position of the innermost definition that contains the offset; -1: none. O(log n + depth). */
export function innermost({ kept, parents }: Nest, at: number): number {
  let low = 0
  let high = kept.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (kept[middle]!.from <= at) low = middle + 1
    else high = middle
  }
  let i = low - 1
  while (i >= 0 && kept[i]!.to <= at) i = parents[i]!
  return i
}

// Definitions at the same place are siblings: `const a = 1, b = 2` is one node.
function holds(outer: Definition, inner: Definition): boolean {
  return outer.to >= inner.to && !(outer.from === inner.from && outer.to === inner.to)
}

function isLocal(one: Definition, holder: Definition): boolean {
  if (holder.kind === 'test') return one.kind !== 'test' && !isWhole(one)
  return (holder.kind === 'function' || holder.kind === 'method') && !isWhole(one)
}

/** True for containers that are no symbols. */
export function isScope(kind: Definition['kind']): kind is 'impl' | 'module' {
  return kind === 'impl' || kind === 'module'
}

function isWhole({ kind, bodyAt }: Definition): boolean {
  return (kind === 'function' || kind === 'class') && bodyAt !== null
}
