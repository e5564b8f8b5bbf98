/** Source of an expression that does not match after an abbreviation: the full stop of one ends no sentence. */
export const NO_ABBREVIATION = String.raw`(?<!\b(?:e\.g|i\.e|etc|vs|cf)\.)`
