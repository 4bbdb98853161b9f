-- Every backup and every drill, in which one is restored and verified (B10): when, how large, how long, and why not.

CREATE TABLE backup_run (
  id            INTEGER PRIMARY KEY,
  kind          TEXT NOT NULL CHECK (kind IN ('backup', 'drill')),
  state         TEXT NOT NULL CHECK (state IN ('requested', 'running', 'succeeded', 'failed')),
  cause         TEXT NOT NULL CHECK (cause IN ('schedule', 'person', 'program')),
  requested_by  INTEGER,             -- staff; NULL: nobody asked
  requested_at  INTEGER NOT NULL,    -- ms since 1970 UTC, as all moments here
  started_at    INTEGER,
  ended_at      INTEGER,
  alive_until   INTEGER,             -- a running one whose process does not move this on has died
  backup        TEXT,                -- name of the backup that was made or restored
  place         TEXT,                -- the folder where it lies
  made_at       INTEGER,             -- what it holds
  size_bytes    INTEGER,             -- of all files as they were
  added_bytes   INTEGER,             -- what had to be written
  files_count   INTEGER,
  tickets_count INTEGER,
  encrypted     INTEGER NOT NULL DEFAULT 0 CHECK (encrypted IN (0, 1)),
  removed_at    INTEGER,             -- retention took the backup away
  failure       TEXT,                -- a stable code
  detail        TEXT,                -- for the operator: what and where
  CHECK ((ended_at IS NOT NULL) = (state IN ('succeeded', 'failed'))),
  CHECK ((failure IS NOT NULL) = (state = 'failed'))
) STRICT;
CREATE UNIQUE INDEX backup_run_open ON backup_run (kind) WHERE ended_at IS NULL;   -- one at a time, whichever node does it
CREATE INDEX backup_run_of_kind ON backup_run (kind, id);                          -- the newest of a kind
CREATE INDEX backup_run_of_backup ON backup_run (backup, kind);                    -- was it verified? which rows name it?

-- Staff are told of an alarm once a day while it lasts.
CREATE TABLE backup_alarm (
  kind    TEXT PRIMARY KEY,
  told_at INTEGER NOT NULL
) STRICT;

UPDATE role SET permissions = permissions || ' backup_manage' WHERE name IN ('admin', 'manager');
