-- What was done, spent and learned.

CREATE TABLE pass (                   -- one run of the sleep-time agent: its receipt
  id INTEGER PRIMARY KEY,
  started_at INTEGER NOT NULL,        -- milliseconds since 1970
  ended_at INTEGER,                   -- null while it runs, or when it was killed
  model TEXT NOT NULL,
  stop TEXT,                          -- done, out-of-budget, interrupted, model-failed
  reason TEXT,                        -- in words, where there is more to say
  written INTEGER NOT NULL DEFAULT 0, -- summaries saved
  reused INTEGER NOT NULL DEFAULT 0,  -- summaries found again: nothing was paid
  rejected INTEGER NOT NULL DEFAULT 0,-- replies or claims that did not hold
  notes TEXT NOT NULL DEFAULT '[]'    -- JSON list of lines: what was rejected or left out, and why
) STRICT;

CREATE TABLE request (                -- a feature request that was implemented or asked about
  id INTEGER PRIMARY KEY,
  asked_at INTEGER NOT NULL,          -- milliseconds since 1970
  command TEXT NOT NULL,              -- implement, ask, select
  text TEXT NOT NULL,
  stop TEXT,
  packed TEXT NOT NULL DEFAULT '[]',  -- JSON: paths the pack named to modify
  opened TEXT NOT NULL DEFAULT '[]',  -- JSON: what the agent asked to see
  changed TEXT NOT NULL DEFAULT '[]'  -- JSON: paths it changed
) STRICT;

CREATE TABLE call (                   -- every model call
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,                -- milliseconds since 1970
  phase TEXT NOT NULL,                -- sleep, test
  pass INTEGER REFERENCES pass,
  request INTEGER REFERENCES request,
  purpose TEXT NOT NULL,
  model TEXT NOT NULL,
  stop TEXT NOT NULL,
  input_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,     -- part of input_tokens
  output_tokens INTEGER NOT NULL,
  usd REAL,                           -- null: price unknown
  ms INTEGER NOT NULL,
  recorded INTEGER NOT NULL DEFAULT 0 -- 1: a replayed recording; nothing was paid
) STRICT;
CREATE INDEX call_at ON call (at);
