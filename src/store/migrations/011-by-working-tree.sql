-- Working trees stand at different commits: each keeps what it learned, and a pass records its tree.

DROP TABLE learned_ranking;
CREATE TABLE learned_ranking (        -- weights learned from a working tree's past features, and whether the gate accepted them
  worktree INTEGER PRIMARY KEY REFERENCES worktree ON DELETE CASCADE,
  at INTEGER NOT NULL,                -- milliseconds since 1970
  newest TEXT NOT NULL,               -- newest past feature that was replayed: the next learning needs a newer one
  features INTEGER NOT NULL,          -- number replayed, oldest first: the first half chose, the second was the gate
  choice TEXT NOT NULL,               -- which alternative was best on the first half (src/retrieve/alternatives.ts)
  among TEXT NOT NULL,                -- hash of all weights to choose from: if others ship, the row is void
  shipped REAL NOT NULL,              -- score of the shipped ranking on the second half
  chosen REAL NOT NULL,               -- score of the alternative there
  adopted INTEGER NOT NULL            -- 1: it is used
) STRICT;

ALTER TABLE pass ADD COLUMN root TEXT; -- absolute path of the working tree; null: an older version did not record it
