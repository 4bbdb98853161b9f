-- Tickets: what happened, what follows from it for lists, who was accountable, who owes what by when, who met whom.
-- Times are ms since 1970 UTC.

CREATE TABLE ticket (
  id                BIGINT PRIMARY KEY,
  number            TEXT NOT NULL UNIQUE,        -- 20261122-000123, counted per local day
  version           BIGINT NOT NULL,            -- commands carried out
  step              TEXT NOT NULL CHECK (step IN ('intake', 'triage', 'handling', 'feedback', 'archived', 'cancelled')),
  channel           TEXT NOT NULL,
  class             TEXT,
  grade             TEXT CHECK (grade IN ('L1', 'L2', 'L3')),
  customer_id       BIGINT NOT NULL,
  owner_id          BIGINT,
  owner_unit_id     BIGINT,
  queue_unit_id     BIGINT,
  merchant_id       BIGINT,
  area_id           BIGINT,
  created_at        BIGINT NOT NULL,
  closed_at         BIGINT,
  next_due_at       BIGINT,
  overdue           BIGINT NOT NULL DEFAULT 0,  -- an open obligation is breached
  last_seq          BIGINT NOT NULL,
  last_hash         BYTEA NOT NULL,
  secret_hash       BYTEA,                        -- of the customer's link
  state             TEXT NOT NULL,               -- the fold of the events, as JSON
  CHECK (step = 'intake' OR step = 'cancelled' OR owner_id IS NOT NULL),      -- invariant 1
  CHECK (step IN ('archived', 'cancelled') OR next_due_at IS NOT NULL)        -- invariant 2
);
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
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  seq       BIGINT NOT NULL,                    -- from 1 without gaps
  at        BIGINT NOT NULL,
  actor_id  BIGINT,                             -- none: the customer or the policy
  type      TEXT NOT NULL,
  data      TEXT NOT NULL,                       -- the event's fields, as JSON
  hash      BYTEA NOT NULL,                       -- over the event and the hash of the one before (E12)
  PRIMARY KEY (ticket_id, seq)
);

CREATE TABLE tenure (
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  no        BIGINT NOT NULL,
  staff_id  BIGINT NOT NULL,
  unit_id   BIGINT,
  from_at   BIGINT NOT NULL,
  to_at     BIGINT,
  cause     TEXT NOT NULL,
  PRIMARY KEY (ticket_id, no)
);
CREATE UNIQUE INDEX tenure_one_owner ON tenure (ticket_id) WHERE to_at IS NULL;                               -- A1

CREATE TABLE obligation (
  ticket_id       BIGINT NOT NULL REFERENCES ticket (id),
  no              BIGINT NOT NULL,
  kind            TEXT NOT NULL,
  subject         BIGINT NOT NULL,              -- number of the promise it is about; 0: the ticket
  grade           TEXT NOT NULL,                 -- when it was opened; ungraded counts as L3
  debtor_staff_id BIGINT,
  debtor_unit_id  BIGINT,
  merchant_id     BIGINT,
  calendar        TEXT NOT NULL,
  time_limit      TEXT,                          -- as in the policy: PT2H, PT2H/W, P1WD; none: a time that was promised
  policy_version  BIGINT NOT NULL,
  starts_at       BIGINT NOT NULL,
  due_at          BIGINT NOT NULL,
  pauses          TEXT NOT NULL,                 -- JSON list of {from, to}
  paused_at       BIGINT,
  warnings_count  BIGINT NOT NULL DEFAULT 0,    -- given so far
  warned_at       BIGINT,                       -- the first one
  breached_at     BIGINT,
  chain_step      BIGINT NOT NULL DEFAULT 0,    -- steps of the escalation chain taken
  met_at          BIGINT,
  cancelled_at    BIGINT,
  cause           TEXT,                          -- of the cancellation
  next_at         BIGINT,                       -- when the next warning, the breach or the next step of the chain is due
  PRIMARY KEY (ticket_id, no),
  CHECK (met_at IS NULL OR cancelled_at IS NULL),                                                             -- invariant 4
  CHECK (cancelled_at IS NULL OR cause IS NOT NULL),
  CHECK (next_at IS NULL OR (met_at IS NULL AND cancelled_at IS NULL))
);
CREATE INDEX obligation_due ON obligation (next_at) WHERE next_at IS NOT NULL;                                -- the tick
CREATE INDEX obligation_of_debtor ON obligation (debtor_staff_id, due_at) WHERE met_at IS NULL AND cancelled_at IS NULL;  -- debtor=me
CREATE INDEX obligation_by_start ON obligation (starts_at);                                                   -- timeliness figures of a period

CREATE TABLE contact (
  id          BIGINT PRIMARY KEY,
  ticket_id   BIGINT NOT NULL REFERENCES ticket (id),
  customer_id BIGINT NOT NULL,
  channel     TEXT NOT NULL,
  direction   TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  staff_id    BIGINT,
  started_at  BIGINT NOT NULL,
  ended_at    BIGINT,
  event_seq   BIGINT,                           -- the event whose content was said; none: recorded for itself
  content     TEXT,
  result      TEXT
);
CREATE INDEX contact_of_ticket ON contact (ticket_id, id);

CREATE TABLE number_counter (
  day  TEXT PRIMARY KEY,
  last BIGINT NOT NULL
);
