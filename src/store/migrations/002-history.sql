-- History: which files past commits changed. Keyed by commit, so that a branch switch reads only what is new.

CREATE TABLE path (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE past_commit (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  time INTEGER NOT NULL,              -- author time, seconds since 1970
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  width INTEGER NOT NULL              -- number of files changed
) STRICT;

CREATE TABLE past_change (
  path INTEGER NOT NULL REFERENCES path,
  past_commit INTEGER NOT NULL REFERENCES past_commit ON DELETE CASCADE,
  PRIMARY KEY (path, past_commit)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_change_commit ON past_change (past_commit);

CREATE TABLE reach (                  -- commits that the working tree's HEAD can see, newest first
  worktree INTEGER NOT NULL REFERENCES worktree ON DELETE CASCADE,
  past_commit INTEGER NOT NULL REFERENCES past_commit,
  position INTEGER NOT NULL,
  PRIMARY KEY (worktree, past_commit)
) STRICT, WITHOUT ROWID;

-- Each working tree has a full-text table past_<worktree> (words), rowid = past_commit.id, made by src/store/history.ts.
