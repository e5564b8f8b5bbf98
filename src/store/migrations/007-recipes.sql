-- Recipes: how the repository is usually changed to do a kind of thing. Replaced as a whole when they are mined anew.

CREATE TABLE recipe_mining (          -- what the recipes of a working tree were mined from
  worktree INTEGER PRIMARY KEY REFERENCES worktree ON DELETE CASCADE,
  head TEXT NOT NULL,                 -- commit whose mainline was mined
  version INTEGER NOT NULL,           -- of the rules: other rules mine anew
  additions INTEGER NOT NULL,         -- commits that read like a feature
  mined_at INTEGER NOT NULL           -- milliseconds since 1970
) STRICT;

CREATE TABLE recipe (
  id INTEGER PRIMARY KEY,
  worktree INTEGER NOT NULL REFERENCES worktree ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- order, from 0: those with most commits first, the habit last
  name TEXT NOT NULL,                 -- in the words of its commits' subjects
  by TEXT NOT NULL,                   -- what its commits share: places, word (of the subjects), habit (all that add something)
  word TEXT,                          -- the term, of a recipe by word
  UNIQUE (worktree, position)
) STRICT;

CREATE TABLE recipe_term (            -- a word that a request says when it means the recipe
  term TEXT NOT NULL,
  recipe INTEGER NOT NULL REFERENCES recipe ON DELETE CASCADE,
  weight REAL NOT NULL,               -- how much it says so
  PRIMARY KEY (term, recipe)
) STRICT, WITHOUT ROWID;
CREATE INDEX recipe_term_recipe ON recipe_term (recipe);

CREATE TABLE recipe_step (
  recipe INTEGER NOT NULL REFERENCES recipe ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- the most frequent first, from 0
  kind TEXT NOT NULL,                 -- source, test, doc, changelog, other
  place TEXT NOT NULL,                -- a path, or a pattern of paths
  is_pattern INTEGER NOT NULL,
  is_new INTEGER NOT NULL,            -- 1: of a pattern, half of the commits or more made such a file
  model TEXT,                         -- newest path that shows the pattern; null: a release has taken it
  held INTEGER NOT NULL,              -- commits of the recipe that changed or made such a file
  created INTEGER NOT NULL,           -- of them, those that made it
  share REAL NOT NULL,                -- of the recipe's commits, old ones counting less, and one more that held none
  PRIMARY KEY (recipe, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipe_commit (          -- a commit that shows the recipe
  recipe INTEGER NOT NULL REFERENCES recipe ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- newest first, from 0
  hash TEXT NOT NULL,
  subject TEXT NOT NULL,              -- as it was asked for: without number and trailers
  time INTEGER NOT NULL,              -- seconds since 1970
  PRIMARY KEY (recipe, position)
) STRICT, WITHOUT ROWID;
