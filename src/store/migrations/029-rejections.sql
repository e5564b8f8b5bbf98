-- Answers on a summary that were rejected as a whole: asked again of the same text, the model would be paid for the same.

CREATE TABLE rejection (
  kind TEXT NOT NULL,                 -- file, module, repository
  source_hash TEXT NOT NULL,          -- as in summary
  prompt_version INTEGER NOT NULL,
  model TEXT NOT NULL,
  rejected_at INTEGER NOT NULL,       -- milliseconds since 1970
  PRIMARY KEY (kind, source_hash, prompt_version, model)
) STRICT, WITHOUT ROWID;
