-- Measurements on the repository's own past features: their receipts.

CREATE TABLE backtest (
  id INTEGER PRIMARY KEY,
  started_at INTEGER NOT NULL,        -- milliseconds since 1970
  ended_at INTEGER,                   -- null while it runs, or when it was killed
  head TEXT NOT NULL,                 -- commit whose history was mined
  planned INTEGER NOT NULL,           -- tasks
  scored INTEGER NOT NULL DEFAULT 0,  -- tasks scored so far
  title_only INTEGER NOT NULL,        -- 1: the request was the title alone
  stop TEXT,                          -- done, interrupted, out-of-time
  figures TEXT NOT NULL DEFAULT '{}'  -- JSON: by arm, the mean of each figure (src/backtest/score.ts)
) STRICT;
