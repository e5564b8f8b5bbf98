-- Weights of the ranking's signals that were learned from this repository, and whether the gate accepted them.

CREATE TABLE learned_ranking (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,                -- milliseconds since 1970
  newest TEXT NOT NULL,               -- newest past feature that was replayed: the next learning needs a newer one
  features INTEGER NOT NULL,          -- number replayed, oldest first: the first half chose, the second was the gate
  choice TEXT NOT NULL,               -- which alternative was best on the first half
  weights TEXT NOT NULL,              -- JSON: its weights, by signal
  shift REAL NOT NULL,                -- added to the log odds of each file: above 0 names more
  shipped REAL NOT NULL,              -- score of the shipped ranking on the second half
  chosen REAL NOT NULL,               -- score of the alternative there
  adopted INTEGER NOT NULL            -- 1: it is used
) STRICT;
