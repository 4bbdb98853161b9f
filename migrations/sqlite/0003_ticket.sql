-- Tickets: what happened, what follows from it for lists, who was accountable, who owes what by when, who met whom.
-- Times are ms since 1970 UTC.

CREATE TABLE ticket (
  id                INTEGER PRIMARY KEY,
  number            TEXT NOT NULL UNIQUE,        -- 20261122-000123, counted per local day
  version           INTEGER NOT NULL,            -- commands carried out
  step              TEXT NOT NULL CHECK (step IN ('intake', 'triage', 'handling', 'feedback', 'archived', 'cancelled')),
  channel           TEXT NOT NULL,
  class             TEXT,
  grade             TEXT CHECK (grade IN ('L1', 'L2', 'L3')),
  customer_id       INTEGER NOT NULL,
  owner_id          INTEGER,
  owner_unit_id     INTEGER,
  queue_unit_id     INTEGER,
  merchant_id       INTEGER,
  area_id           INTEGER,
  created_at        INTEGER NOT NULL,
  closed_at         INTEGER,
  next_due_at       INTEGER,
  overdue           INTEGER NOT NULL DEFAULT 0,  -- an open obligation is breached
  last_seq          INTEGER NOT NULL,
  last_hash         BLOB NOT NULL,
  secret_hash       BLOB,                        -- of the customer's link
  state             TEXT NOT NULL,               -- the fold of the events, as JSON
  CHECK (step = 'intake' OR step = 'cancelled' OR owner_id IS NOT NULL),      -- invariant 1
  CHECK (step IN ('archived', 'cancelled') OR next_due_at IS NOT NULL)        -- invariant 2
) STRICT;
CREATE INDEX ticket_waiting ON ticket (next_due_at, id) WHERE step = 'intake';                                -- view=inbox
CREATE INDEX ticket_waiting_of_merchant ON ticket (merchant_id, next_due_at, id) WHERE step = 'intake' AND merchant_id IS NOT NULL;
CREATE INDEX ticket_of_owner_open ON ticket (owner_id, next_due_at, id) WHERE closed_at IS NULL;              -- view=mine
CREATE INDEX ticket_of_unit_open ON ticket (owner_unit_id, next_due_at, id) WHERE closed_at IS NULL;          -- view=unit
CREATE INDEX ticket_open_by_due ON ticket (next_due_at, id) WHERE closed_at IS NULL;                          -- view=all&sort=due_at
CREATE INDEX ticket_overdue ON ticket (next_due_at, id) WHERE overdue = 1;                                    -- view=overdue
CREATE INDEX ticket_in_queue ON ticket (queue_unit_id, next_due_at, id) WHERE step = 'intake';                  -- a unit's queue
CREATE INDEX ticket_of_merchant_open ON ticket (merchant_id, next_due_at, id) WHERE closed_at IS NULL AND merchant_id IS NOT NULL;
CREATE INDEX ticket_of_owner ON ticket (owner_id, id);                                                        -- filter owner_id
CREATE INDEX ticket_of_unit ON ticket (owner_unit_id, id);                                                    -- a unit's all, filter unit_id
CREATE INDEX ticket_of_customer ON ticket (customer_id, id);                                                  -- the customer's history and fence
CREATE INDEX ticket_of_merchant ON ticket (merchant_id, id) WHERE merchant_id IS NOT NULL;                    -- a merchant's all
CREATE INDEX ticket_of_area ON ticket (area_id, id) WHERE area_id IS NOT NULL;                                -- filter area_id

CREATE TABLE ticket_event (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  seq       INTEGER NOT NULL,                    -- from 1 without gaps
  at        INTEGER NOT NULL,
  actor_id  INTEGER,                             -- none: the customer or the policy
  type      TEXT NOT NULL,
  data      TEXT NOT NULL,                       -- the event's fields, as JSON
  hash      BLOB NOT NULL,                       -- over the event and the hash of the one before (E12)
  PRIMARY KEY (ticket_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenure (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  no        INTEGER NOT NULL,
  staff_id  INTEGER NOT NULL,
  unit_id   INTEGER,
  from_at   INTEGER NOT NULL,
  to_at     INTEGER,
  cause     TEXT NOT NULL,
  PRIMARY KEY (ticket_id, no)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tenure_one_owner ON tenure (ticket_id) WHERE to_at IS NULL;                               -- A1

CREATE TABLE obligation (
  ticket_id       INTEGER NOT NULL REFERENCES ticket (id),
  no              INTEGER NOT NULL,
  kind            TEXT NOT NULL,
  subject         INTEGER NOT NULL,              -- number of the promise it is about; 0: the ticket
  grade           TEXT NOT NULL,                 -- when it was opened; ungraded counts as L3
  debtor_staff_id INTEGER,
  debtor_unit_id  INTEGER,
  merchant_id     INTEGER,
  calendar        TEXT NOT NULL,
  time_limit      TEXT,                          -- as in the policy: PT2H, PT2H/W, P1WD; none: a time that was promised
  policy_version  INTEGER NOT NULL,
  starts_at       INTEGER NOT NULL,
  due_at          INTEGER NOT NULL,
  pauses          TEXT NOT NULL,                 -- JSON list of {from, to}
  paused_at       INTEGER,
  warnings_count  INTEGER NOT NULL DEFAULT 0,    -- given so far
  warned_at       INTEGER,                       -- the first one
  breached_at     INTEGER,
  chain_step      INTEGER NOT NULL DEFAULT 0,    -- steps of the escalation chain taken
  met_at          INTEGER,
  cancelled_at    INTEGER,
  cause           TEXT,                          -- of the cancellation
  next_at         INTEGER,                       -- when the next warning, the breach or the next step of the chain is due
  PRIMARY KEY (ticket_id, no),
  CHECK (met_at IS NULL OR cancelled_at IS NULL),                                                             -- invariant 4
  CHECK (cancelled_at IS NULL OR cause IS NOT NULL),
  CHECK (next_at IS NULL OR (met_at IS NULL AND cancelled_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX obligation_due ON obligation (next_at) WHERE next_at IS NOT NULL;                                -- the tick
CREATE INDEX obligation_of_debtor ON obligation (debtor_staff_id, due_at) WHERE met_at IS NULL AND cancelled_at IS NULL;  -- debtor=me
CREATE INDEX obligation_by_start ON obligation (starts_at);                                                   -- timeliness figures of a period

CREATE TABLE contact (
  id          INTEGER PRIMARY KEY,
  ticket_id   INTEGER NOT NULL REFERENCES ticket (id),
  customer_id INTEGER NOT NULL,
  channel     TEXT NOT NULL,
  direction   TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  staff_id    INTEGER,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  event_seq   INTEGER,                           -- the event whose content was said; none: recorded for itself
  content     TEXT,
  result      TEXT
) STRICT;
CREATE INDEX contact_of_ticket ON contact (ticket_id, id);

CREATE TABLE number_counter (
  day  TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
