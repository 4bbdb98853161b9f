-- Every backup and every drill, in which one is restored and verified (B10): when, how large, how long, and why not.

CREATE TABLE backup_run (
  id            BIGINT PRIMARY KEY,
  kind          TEXT NOT NULL CHECK (kind IN ('backup', 'drill')),
  state         TEXT NOT NULL CHECK (state IN ('requested', 'running', 'succeeded', 'failed')),
  cause         TEXT NOT NULL CHECK (cause IN ('schedule', 'person', 'program')),
  requested_by  BIGINT,             -- staff; NULL: nobody asked
  requested_at  BIGINT NOT NULL,    -- ms since 1970 UTC, as all moments here
  started_at    BIGINT,
  ended_at      BIGINT,
  alive_until   BIGINT,             -- a running one whose process does not move this on has died
  backup        TEXT,                -- name of the backup that was made or restored
  place         TEXT,                -- the folder where it lies
  made_at       BIGINT,             -- what it holds
  size_bytes    BIGINT,             -- of all files as they were
  added_bytes   BIGINT,             -- what had to be written
  files_count   BIGINT,
  tickets_count BIGINT,
  encrypted     BIGINT NOT NULL DEFAULT 0 CHECK (encrypted IN (0, 1)),
  removed_at    BIGINT,             -- retention took the backup away
  failure       TEXT,                -- a stable code
  detail        TEXT,                -- for the operator: what and where
  CHECK ((ended_at IS NOT NULL) = (state IN ('succeeded', 'failed'))),
  CHECK ((failure IS NOT NULL) = (state = 'failed'))
);
CREATE UNIQUE INDEX backup_run_open ON backup_run (kind) WHERE ended_at IS NULL;   -- one at a time, whichever node does it
CREATE INDEX backup_run_of_kind ON backup_run (kind, id);                          -- the newest of a kind
CREATE INDEX backup_run_of_backup ON backup_run (backup, kind);                    -- was it verified? which rows name it?

-- Staff are told of an alarm once a day while it lasts.
CREATE TABLE backup_alarm (
  kind    TEXT PRIMARY KEY,
  told_at BIGINT NOT NULL
);

UPDATE role SET permissions = permissions || ' backup_manage' WHERE name IN ('admin', 'manager');
