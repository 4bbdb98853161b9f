-- Revisits (回访): what a unit owes the customer of a result, and each attempt. A row is opened, put off and cancelled in the
-- transaction of its ticket's events; its number is that of the obligation that has the limit.

CREATE TABLE follow_up (
  ticket_id        INTEGER NOT NULL REFERENCES ticket (id),
  no               INTEGER NOT NULL,              -- of the obligation
  unit_id          INTEGER NOT NULL,
  merchant_id      INTEGER,
  state            TEXT NOT NULL CHECK (state IN ('due', 'done', 'refused', 'unreached', 'cancelled')),
  opened_at        INTEGER NOT NULL,              -- ms since 1970 UTC, as all moments here
  due_at           INTEGER NOT NULL,
  next_attempt_at  INTEGER NOT NULL,              -- before it, an unanswered call does not count
  attempt_count    INTEGER NOT NULL,
  unanswered_count INTEGER NOT NULL CHECK (unanswered_count <= attempt_count),
  ended_at         INTEGER,
  satisfaction     INTEGER CHECK (satisfaction BETWEEN 1 AND 5),
  recurred         INTEGER CHECK (recurred IN (0, 1)),
  PRIMARY KEY (ticket_id, no),
  CHECK ((ended_at IS NULL) = (state = 'due')),
  CHECK ((state = 'done') = (satisfaction IS NOT NULL)),
  CHECK ((state = 'done') = (recurred IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX follow_up_due ON follow_up (due_at, ticket_id, no) WHERE ended_at IS NULL;                              -- all that are due
CREATE INDEX follow_up_due_of_unit ON follow_up (unit_id, due_at, ticket_id, no) WHERE ended_at IS NULL;             -- a unit's
CREATE INDEX follow_up_due_of_merchant ON follow_up (merchant_id, due_at, ticket_id, no) WHERE ended_at IS NULL AND merchant_id IS NOT NULL;
CREATE INDEX follow_up_ended ON follow_up (ended_at, ticket_id, no) WHERE ended_at IS NOT NULL;                      -- what was done
CREATE INDEX follow_up_ended_of_unit ON follow_up (unit_id, ended_at, ticket_id, no) WHERE ended_at IS NOT NULL;
CREATE INDEX follow_up_ended_of_merchant ON follow_up (merchant_id, ended_at, ticket_id, no) WHERE ended_at IS NOT NULL AND merchant_id IS NOT NULL;

CREATE TABLE follow_up_attempt (
  ticket_id        INTEGER NOT NULL,
  no               INTEGER NOT NULL,
  attempt          INTEGER NOT NULL CHECK (attempt > 0),  -- counted within the revisit
  at               INTEGER NOT NULL,
  staff_id         INTEGER NOT NULL,
  outcome          TEXT NOT NULL CHECK (outcome IN ('reached', 'no_answer', 'refused', 'call_later')),
  experience       TEXT NOT NULL,
  again_at         INTEGER,
  satisfaction     INTEGER,
  recurred         INTEGER,
  answers          TEXT NOT NULL,                 -- JSON list of {code, answer}: codes of the policy's questions
  recurrence       TEXT CHECK (recurrence IN ('reopen', 'new_ticket')),
  linked_ticket_id INTEGER REFERENCES ticket (id),
  PRIMARY KEY (ticket_id, no, attempt),
  FOREIGN KEY (ticket_id, no) REFERENCES follow_up (ticket_id, no),
  CHECK ((outcome = 'call_later') = (again_at IS NOT NULL)),
  CHECK ((outcome = 'reached') = (satisfaction IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Improvement items (改进项): a measure with its owner, its date and the check whether it helped. Each measure is a round.
CREATE TABLE improvement (
  id             INTEGER PRIMARY KEY,
  version        INTEGER NOT NULL CHECK (version > 0),
  source         TEXT NOT NULL CHECK (source IN ('complaint', 'follow_up', 'inspection', 'manual')),
  reference      TEXT NOT NULL,                   -- what the source is called: a ticket's number, an inspection's; may be empty
  ticket_id      INTEGER REFERENCES ticket (id),
  title          TEXT NOT NULL CHECK (title <> ''),
  problem        TEXT NOT NULL,
  unit_id        INTEGER NOT NULL REFERENCES unit (id),
  merchant_id    INTEGER REFERENCES unit (id),
  owner_id       INTEGER NOT NULL REFERENCES staff (id),
  checker_id     INTEGER NOT NULL REFERENCES staff (id),
  state          TEXT NOT NULL CHECK (state IN ('open', 'to_check', 'effective', 'cancelled')),
  round          INTEGER NOT NULL CHECK (round > 0),
  author_id      INTEGER NOT NULL REFERENCES staff (id),
  created_at     INTEGER NOT NULL,
  ended_at       INTEGER,
  reason         TEXT,                            -- of the cancellation
  -- What time does to it, as to an obligation: who owes (owner or checker) what by when.
  debtor_id      INTEGER NOT NULL REFERENCES staff (id),
  starts_at      INTEGER NOT NULL,
  due_at         INTEGER NOT NULL,
  warnings_count INTEGER NOT NULL DEFAULT 0,
  breached_at    INTEGER,
  chain_step     INTEGER NOT NULL DEFAULT 0,
  next_at        INTEGER,                         -- when the next warning, the breach or the next step of the chain is due
  CHECK (owner_id <> checker_id),
  CHECK ((ended_at IS NULL) = (state IN ('open', 'to_check'))),
  CHECK (state <> 'cancelled' OR reason IS NOT NULL),
  CHECK (next_at IS NULL OR ended_at IS NULL)
) STRICT;
CREATE INDEX improvement_next ON improvement (next_at) WHERE next_at IS NOT NULL;              -- the tick
CREATE INDEX improvement_by_due ON improvement (due_at, id);                                   -- lists
CREATE INDEX improvement_of_owner ON improvement (owner_id, due_at, id);                       -- a person's
CREATE INDEX improvement_of_ticket ON improvement (ticket_id) WHERE ticket_id IS NOT NULL;     -- a ticket's

CREATE TABLE improvement_round (
  improvement_id INTEGER NOT NULL REFERENCES improvement (id),
  no             INTEGER NOT NULL,
  measure        TEXT NOT NULL CHECK (measure <> ''),
  due_at         INTEGER NOT NULL,
  check_at       INTEGER NOT NULL,                -- when its effect is to be checked
  finished_at    INTEGER,
  summary        TEXT,                            -- what was done
  checked_at     INTEGER,
  checked_by     INTEGER REFERENCES staff (id),
  effective      INTEGER CHECK (effective IN (0, 1)),
  finding        TEXT,
  PRIMARY KEY (improvement_id, no),
  CHECK (check_at > due_at),
  CHECK ((finished_at IS NULL) = (summary IS NULL)),
  CHECK ((checked_at IS NULL) = (effective IS NULL)),
  CHECK (checked_at IS NULL OR finished_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

UPDATE role SET permissions = permissions || ' follow_up_act'
WHERE name IN ('agent', 'merchant_agent', 'unit_head', 'supervisor', 'manager');
UPDATE role SET permissions = permissions || ' improvement_act'
WHERE name IN ('agent', 'merchant_agent', 'handler', 'unit_head', 'supervisor', 'manager', 'inspector', 'leader');
UPDATE role SET permissions = permissions || ' improvement_edit'
WHERE name IN ('unit_head', 'supervisor', 'manager', 'inspector');
