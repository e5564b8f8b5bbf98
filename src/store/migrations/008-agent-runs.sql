-- Runs of agents on the repository's own past features: each is paid for once.

CREATE TABLE agent_run (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,                -- its end, milliseconds since 1970
  task TEXT NOT NULL,                 -- commit that brought the feature; the agent began at its first parent
  arm TEXT NOT NULL,                  -- plain-agent, agent-low, agent-high, agent-auto
  steps INTEGER NOT NULL,             -- largest number of calls
  model TEXT NOT NULL,
  prompt TEXT NOT NULL,               -- hash of the arm's prompts
  title_only INTEGER NOT NULL,        -- 1: the request was the title alone
  recorded INTEGER NOT NULL,          -- 1: replayed recordings; nothing was paid
  effort TEXT,                        -- low, high; null for the plain agent
  stop TEXT NOT NULL,
  reason TEXT,                        -- in words, where there is more to say
  modified TEXT NOT NULL,             -- JSON list of paths
  created TEXT NOT NULL,              -- JSON list of paths
  deleted TEXT NOT NULL,              -- JSON list of paths
  calls INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,     -- part of input_tokens
  output_tokens INTEGER NOT NULL,
  usd REAL,                           -- null: price unknown
  ms INTEGER NOT NULL,
  transcript TEXT NOT NULL            -- path of what was sent and replied
) STRICT;
CREATE INDEX agent_run_task ON agent_run (task, arm, steps);
