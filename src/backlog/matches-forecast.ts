import { isStopWord, termsOf } from '../request/words.ts'

/** What was forecast, or what came. */
export interface Comparison {
  readonly title: string
  /** Existing files that it would change, or changed. */
  readonly files: readonly string[]
}

const WITH_FILES = 0.5 // of the weight of the shorter title
const WITHOUT_FILES = 0.8
const FEWEST = 2 // shared terms

/** Words that say what kind of change it is, and nothing of the thing. */
const OF_CHANGES = new Set(
  termsOf(
    'add support allow make new feature feat option implement introduce provide enable improve update fix change extend handle use better more when with',
  ),
)

/**
 * Whether a change is what was forecast: the titles share at least two terms, which are half of the weight of the shorter title, and a file
 * is in common; or most of its weight where one of them names no existing file. Rare terms weigh more; terms that only say that something
 * changes weigh nothing. A title of one term has to be said by the other in full.
 *
 * rarity: of a term, from 0.
 */
export function matchesForecast(forecast: Comparison, came: Comparison, rarity: (term: string) => number): boolean {
  const [asked, done] = [forecast, came].map(
    ({ title }) => new Set(termsOf(title).filter((term) => !OF_CHANGES.has(term) && !isStopWord(term))),
  )
  const weigh = (terms: Iterable<string>) => [...terms].reduce((sum, term) => sum + rarity(term), 0)
  const shared = [...asked!].filter((term) => done!.has(term))
  const least = Math.min(weigh(asked!), weigh(done!))
  const share = least > 0 ? weigh(shared) / least : 0
  const isShort = Math.min(asked!.size, done!.size) < FEWEST
  if (isShort ? share < 1 : shared.length < FEWEST) return false
  if (forecast.files.length === 0 || came.files.length === 0) return share >= WITHOUT_FILES
  const files = new Set(came.files)
  return share >= WITH_FILES && forecast.files.some((file) => files.has(file))
}
