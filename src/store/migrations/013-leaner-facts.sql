-- What each file is findable by. The full-text tables kept a copy of all text: a third of the database, and a twentieth of the time of a cold index.
-- Now they keep none, and need the old text to delete a file. (FTS5's contentless_delete tables do not need it, but deleted texts stay in their
-- counts and lengths.)

CREATE TABLE findable (               -- written by src/store/search.ts only
  file INTEGER PRIMARY KEY REFERENCES file, -- no cascade: a file must be made unfindable first
  rest INTEGER NOT NULL,              -- 1: in search_N_rest, 0: in search_N
  path TEXT NOT NULL,                 -- terms of the path
  source INTEGER NOT NULL REFERENCES source, -- for its terms; a source never changes, and is kept while a file holds it
  summary TEXT NOT NULL               -- terms of the summary
) STRICT;

-- A use is stored once a file and kind, no longer once a definition: nothing needed that, and it took more than twice as many rows.

DROP TABLE reference;
CREATE TABLE reference (              -- a use of a name in one source
  source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  kind TEXT NOT NULL,                 -- call, import, extend, use
  name INTEGER NOT NULL REFERENCES name,
  line INTEGER NOT NULL,              -- of the first such use
  PRIMARY KEY (source, kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_name ON reference (name);

-- Definitions have only their key, and no id: nothing needed one.

DROP TABLE symbol;
CREATE TABLE symbol (
  source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- order in the source, from 0
  qualified TEXT NOT NULL,            -- 'Cart.total': with the path and '#', the symbol's id
  name TEXT NOT NULL,
  kind TEXT NOT NULL,                 -- class, function, method, type, value, test
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL,
  signature TEXT NOT NULL,
  doc TEXT,
  hash TEXT NOT NULL,
  PRIMARY KEY (source, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX symbol_name ON symbol (name);

-- The history is read again: if a commit renamed very many files, fewer are compared.

DELETE FROM activity;
DELETE FROM moved;
DELETE FROM reach;
DELETE FROM past_change;
DELETE FROM past_commit;
UPDATE worktree SET history = NULL;
