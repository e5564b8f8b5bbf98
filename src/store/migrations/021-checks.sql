-- Checks that have passed here. A check that never has is run once before a model is paid.

CREATE TABLE check_pass (
  command TEXT PRIMARY KEY,           -- sha-256 of the command, which may hold a password
  at INTEGER NOT NULL,                -- when it passed last, milliseconds since 1970
  ms INTEGER NOT NULL                 -- how long it took then
) STRICT, WITHOUT ROWID;
