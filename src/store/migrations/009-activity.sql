-- How often each path was changed, so that no request walks the history. Written with `reach` by src/store/history.ts.

CREATE TABLE activity (
  worktree INTEGER NOT NULL REFERENCES worktree ON DELETE CASCADE,
  path INTEGER NOT NULL REFERENCES path,
  commits INTEGER NOT NULL,           -- commits in reach that changed it, with at most 30 files each
  PRIMARY KEY (worktree, path)
) STRICT, WITHOUT ROWID;

INSERT INTO activity
SELECT worktree, path, count(*) FROM reach JOIN past_commit ON past_commit.id = reach.past_commit AND width <= 30
JOIN past_change ON past_change.past_commit = past_commit.id GROUP BY worktree, path;
