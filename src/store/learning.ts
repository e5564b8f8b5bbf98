import type { Db } from './db.ts'

export interface LearnedRanking {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly newest: string
  readonly features: number
  readonly choice: string
  /** Hash of what it was chosen among. */
  readonly among: string
  readonly shipped: number
  readonly chosen: number
  readonly adopted: boolean
  /** Whether the gate lets recipes tell the ranking. */
  readonly byRecipes: boolean
}

export type Learning = ReturnType<typeof learningOf>

/** What the past of each working tree has taught of how the repository is changed: what was learned last counts. */
export function learningOf(db: Db) {
  return {
    /**
     * The working tree whose ranking holds in this one: itself, or another one of the repository, the one that learned from the feature nearest to this one's
     * HEAD. Only what was chosen among these weights. null: HEAD can see none of the features that were learned from.
     */
    holdingIn: (worktree: number, among: string) =>
      db.value<number>(
        `SELECT learned_ranking.worktree FROM learned_ranking CROSS JOIN past_commit ON hash = newest
         CROSS JOIN reach ON reach.worktree = ? AND past_commit = past_commit.id
         WHERE among = ? ORDER BY learned_ranking.worktree <> ?, position, learned_ranking.worktree LIMIT 1`,
        worktree,
        among,
        worktree,
      ) ?? null,

    saveRanking: (worktree: number, learned: LearnedRanking) =>
      db.run(
        `INSERT OR REPLACE INTO learned_ranking (worktree, at, newest, features, choice, among, shipped, chosen, adopted, by_recipes)
         VALUES (:worktree, :at, :newest, :features, :choice, :among, :shipped, :chosen, :adopted, :byRecipes)`,
        { worktree, ...learned, adopted: Number(learned.adopted), byRecipes: Number(learned.byRecipes) },
      ),

    ranking(worktree: number): LearnedRanking | null {
      const row = db.get<Omit<LearnedRanking, 'adopted' | 'byRecipes'> & { adopted: number; byRecipes: number }>(
        `SELECT at, newest, features, choice, among, shipped, chosen, adopted, by_recipes AS byRecipes
         FROM learned_ranking WHERE worktree = ?`,
        worktree,
      )
      return row ? { ...row, adopted: row.adopted === 1, byRecipes: row.byRecipes === 1 } : null
    },
  }
}
