-- A draft for each commit that a branch switch comes back to; the same request twice; forecasts; calls left with the Batch API.

ALTER TABLE backlog_item ADD COLUMN same_as INTEGER; -- item that asks for the same and is drafted in its place

-- Drafts of an item that were made for other commits than its newest one: good again when HEAD is back there.
CREATE TABLE kept_draft (
  item INTEGER NOT NULL REFERENCES backlog_item (id) ON DELETE CASCADE,
  made_at INTEGER NOT NULL,
  base TEXT NOT NULL,
  commit_id TEXT NOT NULL,            -- kept by refs/repose/drafts/<item>.<commit>
  files TEXT NOT NULL,                -- from here on as in draft
  plan TEXT NOT NULL,
  seen TEXT NOT NULL,
  checks TEXT NOT NULL,
  cage TEXT,
  notes TEXT NOT NULL,
  PRIMARY KEY (item, base)
) STRICT;

-- Requests that are likely to come, as a model proposed them.
CREATE TABLE forecast (
  item INTEGER PRIMARY KEY REFERENCES backlog_item (id) ON DELETE CASCADE,
  made_at INTEGER NOT NULL,           -- milliseconds since 1970
  head TEXT NOT NULL,                 -- commit at which it was made
  likelihood REAL NOT NULL,           -- as the model says, from 0 to 1
  files TEXT NOT NULL,                -- JSON: paths that it would change
  evidence TEXT NOT NULL,             -- JSON: what it rests on, {kind, place, text}
  outcome TEXT NOT NULL,              -- 'open', 'hit' or 'missed'
  hit TEXT                            -- commit that did it, or request that asked for it; null: none
) STRICT;

CREATE TABLE forecast_run (
  id INTEGER PRIMARY KEY,
  made_at INTEGER NOT NULL,
  head TEXT NOT NULL,
  proposed INTEGER NOT NULL,
  refused INTEGER NOT NULL            -- proposals without evidence that exists
) STRICT;

-- Calls that were left with the Batch API.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,          -- our own, in the metadata of the remote batch: finds one whose id was not saved
  remote TEXT,                        -- id at the endpoint; null: not known
  endpoint TEXT NOT NULL,
  sent_at INTEGER NOT NULL,           -- milliseconds since 1970
  state TEXT NOT NULL                 -- 'sent', 'done' or 'failed'
) STRICT;

CREATE TABLE batch_call (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,           -- what the call is for: a digest of its prompt, or 'triage 3 <digest of the request>'
  batch INTEGER REFERENCES batch (id) ON DELETE CASCADE, -- null: not sent yet
  call INTEGER,                       -- number in call; null: not sent yet
  request INTEGER,                    -- number in request; null: none
  purpose TEXT NOT NULL,
  model TEXT NOT NULL,
  body TEXT NOT NULL,                 -- JSON: what is sent
  context TEXT NOT NULL,              -- JSON: what the reply refers to
  input_tokens INTEGER NOT NULL,      -- an estimate
  output_tokens INTEGER NOT NULL,     -- an estimate
  reply TEXT                          -- JSON; null: none yet
) STRICT;
