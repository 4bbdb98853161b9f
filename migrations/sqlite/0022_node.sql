-- The processes that work on this database, and which of them has a piece of work that only one may do. An embedded store
-- has one process, and both tables stay empty.

CREATE TABLE node (
  number     INTEGER PRIMARY KEY CHECK (number BETWEEN 0 AND 255),   -- stands in every id that the process makes
  instance   INTEGER NOT NULL,      -- drawn anew by each process: who holds the number now
  address    TEXT NOT NULL,         -- where it listens; empty: a tool of the command line
  version    TEXT NOT NULL,         -- of the program
  schema     INTEGER NOT NULL,      -- the newest migration that the program knows
  started_at INTEGER NOT NULL,      -- ms since 1970 UTC, as all moments here
  seen_at    INTEGER NOT NULL,
  left_at    INTEGER                -- ended properly
) STRICT;

CREATE TABLE lease (
  name  TEXT PRIMARY KEY,
  token INTEGER NOT NULL,           -- one more with each taking: whoever comes with an older one writes nothing
  until INTEGER NOT NULL            -- afterwards anybody may take it
) STRICT;
