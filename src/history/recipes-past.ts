import { countEach } from '../groups.ts'
import { termsForRecipes } from '../match-recipe.ts'
import type { RepoPath } from '../types.ts'
import { isWrittenByTool, patternsOf } from './recipes-places.ts'
import type { PastAddition } from './recipes-read.ts'

/** An addition with what it may have in common with others. */
export interface Past extends PastAddition {
  /** Files that it changed or made, those that tools write left out. */
  readonly files: readonly PastFile[]
  /** Of the title, each once. */
  readonly terms: readonly string[]
  /** 1 for the newest; old ones count less, by their dates. */
  readonly weight: number
}

export interface PastFile {
  readonly path: RepoPath
  readonly isNew: boolean
  readonly patterns: readonly string[]
}

const HALF_LIFE = 3 * 365 * 86_400 // seconds; measured from one year to none at all: no difference that is one
const FEW = 9 // additions, of which the middle one's date is believed
const AHEAD = 2 * 365 * 86_400 // seconds: of 55 histories none has been silent for so long before its newest additions
const FACTORS: Readonly<Record<string, number>> = { '=': 1, '+': 0.5, ':': 1 } // a file has up to six patterns, and they stand for it
const POWER = 0.7 // of the rarity: plain, a rare name that two share outweighs what many share

/** additions: newest first. */
export function pastOf(additions: readonly PastAddition[]): Past[] {
  const newest = newestDate(additions.map(({ time }) => time))
  return additions.map((addition) => {
    const files = [
      ...addition.modified.map((path) => ({ path, isNew: false })),
      ...addition.created.map((path) => ({ path, isNew: true })),
    ]
    return {
      ...addition,
      files: files
        .filter(({ path }) => !isWrittenByTool(path))
        .map((file) => ({ ...file, patterns: patternsOf(file.path) })),
      terms: [...termsForRecipes(addition.title)],
      weight: 2 ** (Math.min(0, addition.time - newest) / HALF_LIFE),
    }
  })
}

/** The newest of these, unless a clock was wrong: one that is far ahead of the middle of the newest few makes nothing old. */
function newestDate(times: readonly number[]): number {
  const few = times.slice(0, FEW)
  const middle = few[few.length >> 1] ?? 0
  return few.find((time) => time <= middle + AHEAD) ?? 0
}

/** What commits may share: files ('=path'), patterns ('+pattern') and terms (':term'), with log(commits / its holders). */
export function rarities(past: readonly Past[]): ReadonlyMap<string, number> {
  const holders = countEach(past.flatMap((one) => [...keysOf(one)]))
  return new Map([...holders].map(([key, count]) => [key, Math.log(past.length / count)]))
}

/** A commit as a vector over what it may share, the rare counting more (tf-idf without tf: Sparck Jones 1972). */
export function vectorOf(one: Past, rarity: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...keysOf(one)].map((key) => [key, FACTORS[key[0]!]! * rarity.get(key)! ** POWER]))
}

function keysOf({ files, terms }: Past): Set<string> {
  return new Set([
    ...files.map(({ path }) => `=${path}`),
    ...files.flatMap(({ patterns }) => patterns.map((pattern) => `+${pattern}`)),
    ...terms.map((term) => `:${term}`),
  ])
}
