-- Renames are followed: commits to a file's earlier names count for it. The history is read again at the next refresh.

ALTER TABLE past_change ADD COLUMN was INTEGER REFERENCES path; -- earlier path, if the commit renamed it
CREATE INDEX past_rename ON past_change (past_commit) WHERE was IS NOT NULL;

CREATE TABLE moved (                  -- current name of a past path; written with `reach` by src/store/history.ts
  worktree INTEGER NOT NULL REFERENCES worktree ON DELETE CASCADE,
  path INTEGER NOT NULL REFERENCES path,
  now INTEGER NOT NULL REFERENCES path,
  PRIMARY KEY (worktree, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX moved_now ON moved (worktree, now);

DELETE FROM activity;
DELETE FROM reach;
DELETE FROM past_change;
DELETE FROM past_commit;
UPDATE worktree SET history = NULL;
