-- Recipes: how the repository is usually changed to do a kind of thing. Replaced as a whole when they are mined anew.

CREATE TABLE recipe_mining (          -- what the recipes of a working tree were mined from
  worktree INTEGER PRIMARY KEY REFERENCES worktree ON DELETE CASCADE,
  head TEXT NOT NULL,                 -- commit whose mainline was mined
  version INTEGER NOT NULL,           -- of the rules; another version mines anew
  additions INTEGER NOT NULL,         -- commits that read like a feature
  mined_at INTEGER NOT NULL           -- milliseconds since 1970
) STRICT;

CREATE TABLE recipe (
  id INTEGER PRIMARY KEY,
  worktree INTEGER NOT NULL REFERENCES worktree ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- order, from 0: those with most commits first, the habit last
  name TEXT NOT NULL,                 -- in the words of its commits' subjects
  by TEXT NOT NULL,                   -- what its commits share: places, word (of the subjects), habit (all additions)
  word TEXT,                          -- the term, of a recipe by word
  UNIQUE (worktree, position)
) STRICT;

CREATE TABLE recipe_term (            -- a word of requests that mean the recipe
  term TEXT NOT NULL,
  recipe INTEGER NOT NULL REFERENCES recipe ON DELETE CASCADE,
  weight REAL NOT NULL,               -- how strongly it does
  PRIMARY KEY (term, recipe)
) STRICT, WITHOUT ROWID;
CREATE INDEX recipe_term_recipe ON recipe_term (recipe);

CREATE TABLE recipe_step (
  recipe INTEGER NOT NULL REFERENCES recipe ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- the most frequent first, from 0
  kind TEXT NOT NULL,                 -- source, test, doc, changelog, other
  place TEXT NOT NULL,                -- a path, or a pattern of paths
  is_pattern INTEGER NOT NULL,
  is_new INTEGER NOT NULL,            -- 1: half or more of the commits created such a file; patterns only
  model TEXT,                         -- newest path that matches the pattern; null: deleted by a release
  held INTEGER NOT NULL,              -- commits of the recipe that changed or created such a file
  created INTEGER NOT NULL,           -- those of them that created it
  share REAL NOT NULL,                -- share of the recipe's commits; old ones weigh less; Laplace smoothing with one commit
  PRIMARY KEY (recipe, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipe_commit (          -- a commit that shows the recipe
  recipe INTEGER NOT NULL REFERENCES recipe ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- newest first, from 0
  hash TEXT NOT NULL,
  subject TEXT NOT NULL,              -- without issue number and trailers
  time INTEGER NOT NULL,              -- seconds since 1970
  PRIMARY KEY (recipe, position)
) STRICT, WITHOUT ROWID;
