/** The request that a client works on, as prepare_change was last called. */
export interface Asked {
  /** Rarity of its terms: show folds long ranges to the lines that speak of it. null: nothing was asked yet. */
  words: ReadonlyMap<string, number> | null
}
