-- Holds: what has an effect that cannot be taken back stands still until an operator releases it. Kept as history.

CREATE TABLE hold (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  what        TEXT NOT NULL CHECK (what IN ('outgoing', 'automatic_filing')),
  cause       TEXT NOT NULL CHECK (cause IN ('restored', 'new_timeline', 'new_system', 'many_due')),
  details     TEXT NOT NULL,         -- JSON: the figures behind the cause
  since       INTEGER NOT NULL,      -- ms since 1970 UTC, as all moments here
  told_at     INTEGER,               -- those who may release it were told; NULL: not yet
  released_at INTEGER,
  released_by INTEGER,               -- staff; NULL though released: on the command line
  comment     TEXT,                  -- why it was released
  CHECK ((released_at IS NULL) = (comment IS NULL)),
  CHECK (released_by IS NULL OR released_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX hold_open ON hold (what, cause) WHERE released_at IS NULL;   -- one for each cause; what is claimed asks it

-- The PostgreSQL server that this store was last written on; an embedded store has no row.
CREATE TABLE database_server (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  system   TEXT NOT NULL,            -- the cluster's identifier
  timeline INTEGER NOT NULL,
  since    INTEGER NOT NULL
) STRICT;

-- What the policy files when the customer stays silent, by when: asked before very many are filed at once.
CREATE INDEX obligation_filing ON obligation (due_at) WHERE kind = 'close_out' AND breached_at IS NULL AND next_at IS NOT NULL;
