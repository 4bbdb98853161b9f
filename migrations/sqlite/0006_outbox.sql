-- What leaves the process, written with its cause; the notices that staff read; the first answers of repeated requests.

CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,   -- also the stable key by which a receiver recognises a repeated message
  channel    TEXT NOT NULL,
  target     TEXT NOT NULL,      -- whom, in the channel's own words: a staff id, an address
  topic      TEXT NOT NULL,
  payload    TEXT NOT NULL,      -- JSON
  ticket_id  INTEGER,            -- messages of one ticket leave in order, channel by channel
  created_at INTEGER NOT NULL,   -- ms since 1970 UTC, as all moments here
  next_at    INTEGER,            -- when to try (again); NULL once nothing is left to do
  attempts   INTEGER NOT NULL DEFAULT 0,
  sent_at    INTEGER,
  dead_at    INTEGER,            -- given up after too many attempts; visible, never removed silently
  last_error TEXT,
  CHECK (sent_at IS NULL OR dead_at IS NULL),
  CHECK ((next_at IS NULL) = (sent_at IS NOT NULL OR dead_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_due ON outbox (channel, next_at, id) WHERE next_at IS NOT NULL;   -- what a channel has to send
-- What stands before or behind a message of the same ticket.
CREATE INDEX outbox_pending_of_ticket ON outbox (ticket_id, channel, id) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;      -- the administrator's list

-- No foreign keys to staff and ticket: neither is ever removed, and each would cost a look-up for every notice.
CREATE TABLE notice (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  outbox_id INTEGER NOT NULL UNIQUE,   -- shown once, however often the dispatcher runs
  staff_id  INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  ticket_id INTEGER,
  payload   TEXT NOT NULL,             -- JSON
  at        INTEGER NOT NULL,
  read_at   INTEGER
) STRICT;
CREATE INDEX notice_of_staff ON notice (staff_id, read_at, id);   -- one's own list, unread first or only

CREATE TABLE idempotency (
  scope      TEXT NOT NULL,    -- who asked, on which route
  key        TEXT NOT NULL,
  body_hash  TEXT NOT NULL,
  status     INTEGER NOT NULL,
  response   TEXT NOT NULL,
  content_type TEXT NOT NULL,
  location   TEXT,             -- of what was created
  created_at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (created_at);   -- removal of what is older than a day
