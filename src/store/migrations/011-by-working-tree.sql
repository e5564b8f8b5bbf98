-- What one working tree learns is its own, and a pass says whose it was: trees stand at other commits.

DROP TABLE learned_ranking;
CREATE TABLE learned_ranking (        -- what a working tree's past features taught of the ranking, and whether the gate let it through
  worktree INTEGER PRIMARY KEY REFERENCES worktree ON DELETE CASCADE,
  at INTEGER NOT NULL,                -- milliseconds since 1970
  newest TEXT NOT NULL,               -- newest past feature that was replayed: nothing is learned again before there is another
  features INTEGER NOT NULL,          -- replayed, oldest first: the first half chose, the second was the gate
  choice TEXT NOT NULL,               -- which alternative was best on the first half (src/retrieve/alternatives.ts)
  among TEXT NOT NULL,                -- hash of all weights that it was chosen among: when others ship, the row says nothing
  shipped REAL NOT NULL,              -- score of the shipped ranking on the second half
  chosen REAL NOT NULL,               -- score of the alternative there
  adopted INTEGER NOT NULL            -- 1: it is used
) STRICT;

ALTER TABLE pass ADD COLUMN root TEXT; -- absolute path of the working tree; null: of a version that did not say
