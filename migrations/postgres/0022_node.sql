-- The processes that work on this database, and which of them has a piece of work that only one may do. Times are of the
-- database's own clock, ms since 1970 UTC.

CREATE TABLE node (
  number     BIGINT PRIMARY KEY CHECK (number BETWEEN 0 AND 255),   -- stands in every id that the process makes
  instance   BIGINT NOT NULL,      -- drawn anew by each process: who holds the number now
  address    TEXT NOT NULL,        -- where it listens; empty: a tool of the command line
  version    TEXT NOT NULL,        -- of the program
  schema     BIGINT NOT NULL,      -- the newest migration that the program knows
  started_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  left_at    BIGINT                -- ended properly
);

CREATE TABLE lease (
  name  TEXT PRIMARY KEY,
  token BIGINT NOT NULL,           -- one more with each taking: whoever comes with an older one writes nothing
  until BIGINT NOT NULL            -- afterwards anybody may take it
);
