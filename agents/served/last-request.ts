/** The request of the last call of prepare_change. */
export interface LastRequest {
  /** Its terms with their rarity: show folds long files to the lines that have them. null: there was no such call. */
  words: ReadonlyMap<string, number> | null
}
