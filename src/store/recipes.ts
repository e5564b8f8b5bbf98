import type { Recipe, RecipeStep } from '../recipe.ts'
import type { Db } from './db.ts'

/** What a recipe is found by. */
export type RecipeWord = Pick<Recipe, 'by' | 'word'> & { readonly id: number }

export interface RecipeMining {
  readonly head: string
  readonly version: number
  /** Commits that they were mined from. */
  readonly additions: number
  /** Where the shallow clone ended. Null or left out: the clone had all of the history. */
  readonly shallow?: string | null
  /** A content that was not in the clone, so that additions were left out. Null or left out: none was missing. */
  readonly missing?: string | null
  /** Milliseconds since 1970. */
  readonly minedAt: number
  /** 'remote NAME' or 'import'; null or left out: they were mined here. */
  readonly origin?: string | null
}

export type Recipes = ReturnType<typeof recipesOf>

/** How a repository is usually changed. Recipes are mined in each working tree, since each has other files, and can be read in all. */
export function recipesOf(db: Db) {
  const get = (id: number): Recipe => ({
    ...db.get<Pick<Recipe, 'name' | 'by' | 'word' | 'sources'>>(
      'SELECT name, by, word, sources FROM recipe WHERE id = ?',
      id,
    )!,
    steps: db
      .all<Omit<RecipeStep, 'isPattern' | 'isNew'> & { isPattern: number; isNew: number }>(
        `SELECT kind, place, is_pattern AS isPattern, is_new AS isNew, model, held, created, share FROM recipe_step
         WHERE recipe = ? ORDER BY position`,
        id,
      )
      .map((step) => ({ ...step, isPattern: step.isPattern === 1, isNew: step.isNew === 1 })),
    commits: db.all('SELECT hash, subject, time FROM recipe_commit WHERE recipe = ? ORDER BY position', id),
  })
  return {
    /**
     * The working tree whose recipes are valid in this one: itself, or else the tree of the repository whose recipes
     * were mined nearest to this one's HEAD. null: HEAD can see none of the commits at which recipes were mined.
     */
    holdingIn: (worktree: number) =>
      db.value<number>(
        `SELECT recipe_mining.worktree FROM recipe_mining CROSS JOIN past_commit ON hash = head
         CROSS JOIN reach ON reach.worktree = ? AND past_commit = past_commit.id
         ORDER BY recipe_mining.worktree <> ?, position, recipe_mining.worktree LIMIT 1`,
        worktree,
        worktree,
      ) ?? null,

    /** What the recipes were mined from; null: they were never mined. */
    mining: (worktree: number): RecipeMining | null =>
      db.get<RecipeMining>(
        'SELECT head, shallow, version, additions, missing, mined_at AS minedAt, origin FROM recipe_mining WHERE worktree = ?',
        worktree,
      ) ?? null,

    /** Makes exactly these the recipes of the working tree, in one transaction. */
    replace(
      worktree: number,
      { head, shallow = null, version, additions, missing = null, minedAt, origin = null }: RecipeMining,
      recipes: readonly Recipe[],
    ): void {
      db.transaction(() => {
        db.run('DELETE FROM recipe WHERE worktree = ?', worktree)
        recipes.forEach((recipe, position) => {
          save(db, worktree, recipe, position)
        })
        db.run(
          `INSERT OR REPLACE INTO recipe_mining (worktree, head, shallow, version, additions, missing, mined_at, origin)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          ...[worktree, head, shallow, version, additions, missing, minedAt, origin],
        )
      })
    },

    /** What each recipe is found by, in the order in which they were saved. */
    words: (worktree: number): RecipeWord[] =>
      db.all('SELECT id, by, word FROM recipe WHERE worktree = ? ORDER BY position', worktree),

    /** A whole recipe, by an id from words(). */
    get,

    /** The habit: what additions of any kind take with them; null: none. */
    habit(worktree: number): Recipe | null {
      const id = db.value<number>("SELECT id FROM recipe WHERE worktree = ? AND by = 'habit'", worktree)
      return id === undefined ? null : get(id)
    },

    /** All of them, in the order in which they were saved. */
    all: (worktree: number): Recipe[] =>
      db.column<number>('SELECT id FROM recipe WHERE worktree = ? ORDER BY position', worktree).map(get),

    count: (worktree: number) => db.value<number>('SELECT count(*) FROM recipe WHERE worktree = ?', worktree)!,
  }
}

function save(db: Db, worktree: number, recipe: Recipe, position: number): void {
  const { name, by, word, sources, steps, commits } = recipe
  const { id } = db.run(
    'INSERT INTO recipe (worktree, position, name, by, word, sources) VALUES (?, ?, ?, ?, ?, ?)',
    ...[worktree, position, name, by, word, sources],
  )
  steps.forEach(({ kind, place, isPattern, isNew, model, held, created, share }, at) => {
    db.run(
      `INSERT INTO recipe_step (recipe, position, kind, place, is_pattern, is_new, model, held, created, share)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, at, kind, place, isPattern ? 1 : 0, isNew ? 1 : 0, model, held, created, share],
    )
  })
  commits.forEach(({ hash, subject, time }, at) => {
    db.run(
      'INSERT INTO recipe_commit (recipe, position, hash, subject, time) VALUES (?, ?, ?, ?, ?)',
      ...[id, at, hash, subject, time],
    )
  })
}
