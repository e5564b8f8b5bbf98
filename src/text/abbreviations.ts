/** Source of an expression: what stands before is no abbreviation, whose full stop ends no sentence. */
export const NO_ABBREVIATION = String.raw`(?<!\b(?:e\.g|i\.e|etc|vs|cf)\.)`
