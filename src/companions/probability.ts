interface Signs {
  /** Share of the newer commits of a changed file that changed it too. */
  readonly withSeed: number
  /** Share of the past commits most like this change. */
  readonly alike: number
  /** Share of all newer commits. */
  readonly always: number
  /** Number of changed files. */
  readonly changed: number
}

// Logistic regression on twelve repositories, 300 commits each with one file hidden (bench/check.ts): docs/results.md#check
const WEIGHTS = { one: 0.92, withSeed: 0.92, alike: 0.46, always: 0.35, changed: -0.66 }
const FEWEST = 2 // changed files: fewer were not in the fit
const MOST = 12

/** Probability that a change lacks a file. Pure. */
export function probabilityOf({ withSeed, alike, always, changed }: Signs): number {
  const size = Math.log(Math.min(MOST, Math.max(FEWEST, changed)))
  const sum =
    WEIGHTS.one +
    WEIGHTS.withSeed * logit(withSeed) +
    WEIGHTS.alike * logit(alike) +
    WEIGHTS.always * logit(always) +
    WEIGHTS.changed * size
  return 1 / (1 + Math.exp(-sum))
}

/** Finite at 0 and 1. */
function logit(share: number): number {
  return Math.log((share + 0.02) / (1.02 - share))
}
