-- Facts about the repository's files. Keyed by content, so that a branch switch or a rename parses nothing.

CREATE TABLE worktree (
  id INTEGER PRIMARY KEY,
  root TEXT NOT NULL UNIQUE,          -- absolute path of the working tree
  listing TEXT,                       -- digest of paths and contents that the tables below hold; null: none yet
  history TEXT,                       -- commit up to which the history is known; null: not read yet
  indexed_at INTEGER                  -- milliseconds since 1970
) STRICT;

CREATE TABLE source (                 -- one content, parsed as one language
  id INTEGER PRIMARY KEY,
  blob TEXT NOT NULL,                 -- git blob id
  language TEXT NOT NULL,             -- id in LANGUAGES; '' for searchable text only
  bytes INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  reason TEXT,                        -- why the content is left out: 'binary', 'oversized', 'minified', 'generated', ...
  problem TEXT,                       -- what the parser threw
  doc TEXT,                           -- the author's comment on the whole file
  terms TEXT,                         -- JSON {names, docs, body}: terms for the full text
  UNIQUE (blob, language)
) STRICT;

CREATE TABLE file (                   -- one path of one working tree
  id INTEGER PRIMARY KEY,
  worktree INTEGER NOT NULL REFERENCES worktree ON DELETE CASCADE,
  path TEXT NOT NULL,
  source INTEGER REFERENCES source,   -- null: left out by its path
  reason TEXT,                        -- why, if so
  UNIQUE (worktree, path)
) STRICT;
CREATE INDEX file_source ON file (source);

CREATE TABLE symbol (
  id INTEGER PRIMARY KEY,
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
  UNIQUE (source, position)
) STRICT;
CREATE INDEX symbol_name ON symbol (name);

CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE reference (              -- a use of a name in one source
  source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  position INTEGER NOT NULL,          -- symbol.position of the innermost symbol that holds it; -1: the file
  kind TEXT NOT NULL,                 -- call, import, extend, use
  name INTEGER NOT NULL REFERENCES name,
  line INTEGER NOT NULL,
  PRIMARY KEY (source, position, kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_name ON reference (name);

CREATE TABLE gap (                    -- lines the parser could not read
  source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL
) STRICT;
CREATE INDEX gap_source ON gap (source);

CREATE TABLE import (                 -- an import of one file, resolved to another
  from_file INTEGER NOT NULL REFERENCES file ON DELETE CASCADE,
  to_file INTEGER NOT NULL REFERENCES file ON DELETE CASCADE,
  certainty TEXT NOT NULL,            -- resolved, by-name
  PRIMARY KEY (from_file, to_file)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_to ON import (to_file);

-- Each working tree has full-text tables search_<worktree> and search_<worktree>_rest (path, names, docs, summary, body), rowid = file.id, made by
-- src/store/search.ts. One table for all trees would mix their word statistics.
