-- Requests that are waiting, and what was made of them asleep.

CREATE TABLE backlog_item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,               -- 'hand', 'github', 'gitlab' or 'list'
  key TEXT NOT NULL,                  -- the same item in its source: address or number of the issue, words of the request
  url TEXT,
  author TEXT,                        -- login; null: the user, or not known
  request TEXT NOT NULL,              -- title, empty line, body
  answers TEXT NOT NULL DEFAULT '[]', -- JSON: what the user said to its questions
  priority INTEGER NOT NULL DEFAULT 0,
  approved INTEGER NOT NULL,          -- 1: it may be drafted
  state TEXT NOT NULL,                -- 'waiting', 'planned', 'drafted', 'needs-you', 'applied' or 'dropped'
  questions TEXT NOT NULL DEFAULT '[]', -- JSON: what would settle it, for 'needs-you'
  reason TEXT,                        -- why it has this state
  added_at INTEGER NOT NULL,          -- milliseconds since 1970
  changed_at INTEGER NOT NULL,
  UNIQUE (source, key)
) STRICT;

CREATE TABLE draft (
  item INTEGER PRIMARY KEY REFERENCES backlog_item (id) ON DELETE CASCADE,
  made_at INTEGER NOT NULL,
  base TEXT NOT NULL,                 -- commit that it starts from
  commit_id TEXT,                     -- commit on top of base, kept by refs/repose/drafts/<item>; null: only a plan
  files TEXT NOT NULL,                -- JSON: changed paths
  plan TEXT NOT NULL,                 -- JSON: what the agent asked to see, 'src/a.ts#f'
  seen TEXT NOT NULL,                 -- JSON: the same as lines of base, 'src/a.ts:1-9'
  checks TEXT NOT NULL,               -- JSON: results of the checks
  cage TEXT,                          -- where they ran; null: none ran
  notes TEXT NOT NULL                 -- JSON
) STRICT;

-- Runs of the ledger that an item has cost.
CREATE TABLE backlog_run (
  run INTEGER PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES backlog_item (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX backlog_run_item ON backlog_run (item);

-- Paid replies of unfinished work on an item: a pass that was killed does not pay for them again.
CREATE TABLE night_reply (
  item INTEGER NOT NULL REFERENCES backlog_item (id) ON DELETE CASCADE,
  digest TEXT NOT NULL,               -- sha-256 of model and messages
  reply TEXT NOT NULL,                -- JSON
  PRIMARY KEY (item, digest)
) STRICT, WITHOUT ROWID;
