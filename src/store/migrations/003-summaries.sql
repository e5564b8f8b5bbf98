-- Summaries, keyed by their source: after a switch back to a branch they are found again.

CREATE TABLE summary (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,                 -- symbol, file, module, repository
  source_hash TEXT NOT NULL,          -- hash of everything the model was shown
  prompt_version INTEGER NOT NULL,
  model TEXT NOT NULL,
  body TEXT NOT NULL,                 -- JSON; its shape is fixed by the kind
  written_at INTEGER NOT NULL,        -- milliseconds since 1970
  UNIQUE (kind, source_hash, prompt_version, model)
) STRICT;

CREATE TABLE latest_summary (         -- the newest summary of each subject, fresh or stale
  subject TEXT NOT NULL,              -- path, 'path#symbol', 'folder/' or '.'
  kind TEXT NOT NULL,
  summary INTEGER NOT NULL REFERENCES summary ON DELETE CASCADE,
  PRIMARY KEY (subject, kind)
) STRICT, WITHOUT ROWID;
