-- What the migrations add up to; written by scripts/check-migrations snapshot. Not applied to anything.

CREATE TABLE api_token (
  id           INTEGER PRIMARY KEY,
  staff_id     INTEGER NOT NULL REFERENCES staff (id),
  name         TEXT NOT NULL,
  token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  scopes       TEXT NOT NULL,      -- permissions, names separated by a space
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER,            -- behind by a minute at most
  revoked_at   INTEGER
) STRICT;

CREATE INDEX api_token_of_staff ON api_token (staff_id);

CREATE TABLE area (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL CHECK (name <> ''),
  parent_id  INTEGER REFERENCES area (id) CHECK (parent_id <> id),   -- a street's area
  created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX area_name ON area (COALESCE(parent_id, 0), name);

CREATE TABLE article (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('article', 'script')),
  title       TEXT NOT NULL CHECK (title <> ''),
  body        TEXT NOT NULL CHECK (body <> ''),   -- Markdown
  class       TEXT CHECK (class IN ('consultation', 'suggestion', 'complaint', 'help', 'repair', 'business')),
  category    TEXT,
  step        TEXT CHECK (step IN ('intake', 'triage', 'handling', 'feedback', 'archived', 'cancelled')),
  channel     TEXT CHECK (channel IN ('phone', 'chat', 'web', 'wechat', 'email', 'counter', 'fax', 'sms', 'api')),
  emotion     TEXT CHECK (emotion IN ('calm', 'anxious', 'angry')),
  shortcut    TEXT,
  version     INTEGER NOT NULL CHECK (version > 0),
  updated_at  INTEGER NOT NULL,   -- ms since 1970 UTC
  updated_by  INTEGER,            -- NULL: the program itself
  disabled_at INTEGER, state TEXT NOT NULL DEFAULT 'in_use' CHECK (state IN ('draft', 'in_use', 'retired')),
  CHECK (kind = 'script' OR (step IS NULL AND channel IS NULL AND emotion IS NULL AND shortcut IS NULL))
) STRICT;

CREATE INDEX article_by_state ON article (kind, state, id);

CREATE UNIQUE INDEX article_shortcut ON article (shortcut) WHERE state = 'in_use';

CREATE TABLE article_version (
  article_id INTEGER NOT NULL REFERENCES article (id),
  version    INTEGER NOT NULL CHECK (version > 0),
  act        TEXT NOT NULL CHECK (act IN ('created', 'changed', 'published', 'retired')),
  title      TEXT NOT NULL,
  body       TEXT NOT NULL,
  class      TEXT,
  category   TEXT,
  step       TEXT,
  channel    TEXT,
  emotion    TEXT,
  shortcut   TEXT,
  saved_at   INTEGER NOT NULL,   -- ms since 1970 UTC
  saved_by   INTEGER,            -- NULL: the program itself
  PRIMARY KEY (article_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  id         INTEGER PRIMARY KEY,
  ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
  hash       TEXT NOT NULL CHECK (length(hash) = 64),   -- BLAKE2b-256 of the content, hexadecimal
  filename   TEXT NOT NULL CHECK (filename <> ''),
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  media_type TEXT NOT NULL,                              -- told by the content, not by the name
  created_at INTEGER NOT NULL,                           -- ms since 1970 UTC
  created_by INTEGER                                     -- NULL: the customer
) STRICT;

CREATE INDEX attachment_of_ticket ON attachment (ticket_id, id);

CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry
BEGIN
  SELECT RAISE(ABORT, 'audit_entry is append-only');
END;

CREATE TRIGGER audit_entry_is_never_removed BEFORE DELETE ON audit_entry
BEGIN
  SELECT RAISE(ABORT, 'audit_entry is append-only');
END;

CREATE TABLE audit_entry (
  id           INTEGER PRIMARY KEY,   -- numbered from 1 without gaps
  at           INTEGER NOT NULL,      -- ms since 1970 UTC
  actor_id     INTEGER,               -- a member of staff; NULL: the system itself
  action       TEXT NOT NULL CHECK (action <> ''),
  subject_kind TEXT NOT NULL,
  subject_id   TEXT NOT NULL,
  data         TEXT NOT NULL,         -- a JSON object
  prev_hash    BLOB NOT NULL CHECK (length(prev_hash) = 32),
  hash         BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX audit_entry_by_action ON audit_entry (action, id);

CREATE INDEX audit_entry_by_actor ON audit_entry (actor_id, id);

CREATE INDEX audit_entry_by_subject ON audit_entry (subject_kind, subject_id, id);

CREATE INDEX audit_entry_by_time ON audit_entry (at, id);

CREATE TABLE backup_alarm (
  kind    TEXT PRIMARY KEY,
  told_at INTEGER NOT NULL
) STRICT;

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

CREATE INDEX backup_run_of_backup ON backup_run (backup, kind);

CREATE INDEX backup_run_of_kind ON backup_run (kind, id);

CREATE UNIQUE INDEX backup_run_open ON backup_run (kind) WHERE ended_at IS NULL;

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

CREATE TABLE customer (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  phone      TEXT NOT NULL DEFAULT '',   -- the first telephone contact point's normal form, repeated so that lists read one row
  email      TEXT NOT NULL DEFAULT '',   -- as given
  account_no TEXT NOT NULL DEFAULT '',
  address    TEXT NOT NULL DEFAULT '',
  language   TEXT NOT NULL DEFAULT 'zh-CN' CHECK (language IN ('zh-CN', 'zh-TW', 'en')),
  note       TEXT NOT NULL DEFAULT '',   -- the platform's own, not for merchants
  tags       TEXT NOT NULL DEFAULT '[]' CHECK (tags LIKE '[%]'),   -- a JSON array of texts
  version    INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at INTEGER NOT NULL,           -- ms since 1970 UTC, as all moments here
  created_by INTEGER,                    -- NULL: the customer's own request
  updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX customer_by_name ON customer (name, id);

CREATE TABLE customer_change (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  at          INTEGER NOT NULL,
  by_staff_id INTEGER,
  kind        TEXT NOT NULL CHECK (kind IN ('edited', 'filled', 'given')),
  field       TEXT NOT NULL CHECK (field IN ('name', 'phone', 'email', 'account_no', 'address', 'language', 'note', 'tags')),
  value_before TEXT NOT NULL,
  value_after  TEXT NOT NULL
) STRICT;

CREATE INDEX customer_change_of_customer ON customer_change (customer_id, id);

CREATE TABLE customer_contact_point (
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  kind        TEXT NOT NULL CHECK (kind IN ('phone', 'email', 'wechat')),
  normal      TEXT NOT NULL,              -- the form in which two of them are compared
  value       TEXT NOT NULL,              -- as given
  reversed    TEXT NOT NULL DEFAULT '',   -- telephone digits from the last to the first
  PRIMARY KEY (customer_id, kind, normal),
  CHECK ((kind = 'phone') = (reversed <> ''))
) STRICT, WITHOUT ROWID;

CREATE INDEX customer_contact_point_exact ON customer_contact_point (kind, normal, customer_id);

CREATE INDEX customer_contact_point_tail ON customer_contact_point (reversed, customer_id) WHERE kind = 'phone';

CREATE TABLE database_server (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  system   TEXT NOT NULL,            -- the cluster's identifier
  timeline INTEGER NOT NULL,
  since    INTEGER NOT NULL
) STRICT;

CREATE TABLE draft (
  staff_id   INTEGER NOT NULL,
  ticket_id  INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('reply', 'note')),
  content    TEXT NOT NULL CHECK (content <> ''),
  updated_at INTEGER NOT NULL,   -- ms since 1970 UTC
  PRIMARY KEY (staff_id, ticket_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_newest ON draft (staff_id, updated_at);

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

CREATE INDEX follow_up_due ON follow_up (due_at, ticket_id, no) WHERE ended_at IS NULL;

CREATE INDEX follow_up_due_of_merchant ON follow_up (merchant_id, due_at, ticket_id, no) WHERE ended_at IS NULL AND merchant_id IS NOT NULL;

CREATE INDEX follow_up_due_of_unit ON follow_up (unit_id, due_at, ticket_id, no) WHERE ended_at IS NULL;

CREATE INDEX follow_up_ended ON follow_up (ended_at, ticket_id, no) WHERE ended_at IS NOT NULL;

CREATE INDEX follow_up_ended_of_merchant ON follow_up (merchant_id, ended_at, ticket_id, no) WHERE ended_at IS NOT NULL AND merchant_id IS NOT NULL;

CREATE INDEX follow_up_ended_of_unit ON follow_up (unit_id, ended_at, ticket_id, no) WHERE ended_at IS NOT NULL;

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

CREATE UNIQUE INDEX hold_open ON hold (what, cause) WHERE released_at IS NULL;

CREATE TABLE holiday_year (
  year       INTEGER PRIMARY KEY,
  days       TEXT NOT NULL,         -- JSON list of {on, kind, name}
  updated_at INTEGER NOT NULL,
  author_id  INTEGER
, version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)) STRICT;

CREATE TABLE idempotency (
  key_hash     BLOB NOT NULL PRIMARY KEY,   -- of caller, address and Idempotency-Key
  body_mac     BLOB NOT NULL,      -- of the body, under the key
  status       INTEGER NOT NULL,
  answer       BLOB NOT NULL,      -- sealed with the key
  content_type TEXT NOT NULL,
  location     TEXT,                -- of what was created
  created_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX idempotency_by_age ON idempotency (created_at);

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

CREATE INDEX improvement_by_due ON improvement (due_at, id);

CREATE INDEX improvement_next ON improvement (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX improvement_of_owner ON improvement (owner_id, due_at, id);

CREATE INDEX improvement_of_ticket ON improvement (ticket_id) WHERE ticket_id IS NOT NULL;

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

CREATE TABLE lease (
  name  TEXT PRIMARY KEY,
  token INTEGER NOT NULL,           -- one more with each taking: whoever comes with an older one writes nothing
  until INTEGER NOT NULL            -- afterwards anybody may take it
) STRICT;

CREATE TABLE matrix_cooperation (
  row_id   INTEGER NOT NULL REFERENCES matrix_row (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  unit_id  INTEGER NOT NULL REFERENCES unit (id),
  duty     TEXT NOT NULL CHECK (duty <> ''),
  PRIMARY KEY (row_id, position),
  UNIQUE (row_id, unit_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE matrix_row (
  id             INTEGER PRIMARY KEY,
  version        INTEGER NOT NULL CHECK (version > 0),
  class          TEXT CHECK (class IN ('consultation', 'suggestion', 'complaint', 'help', 'repair', 'business')),
  category       TEXT CHECK (category <> ''),
  area_id        INTEGER REFERENCES area (id),
  merchant_id    INTEGER REFERENCES unit (id),
  lead_unit_id   INTEGER NOT NULL REFERENCES unit (id),
  lead_staff_id  INTEGER REFERENCES staff (id),
  teller_unit_id INTEGER REFERENCES unit (id),   -- NULL: the ticket's owner tells the customer
  plan_l1        TEXT,                           -- limits as the policy spells them (PT2H, P1WD); NULL: the policy's
  plan_l2        TEXT,
  plan_l3        TEXT,
  complete_l1    TEXT,
  complete_l2    TEXT,
  complete_l3    TEXT,
  comment        TEXT NOT NULL,
  updated_at     INTEGER NOT NULL,               -- ms since 1970 UTC
  author_id      INTEGER REFERENCES staff (id),  -- NULL: the program
  retired_at     INTEGER,
  CHECK (category IS NULL OR class IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX matrix_row_key ON matrix_row (COALESCE(class, ''), COALESCE(category, ''), COALESCE(area_id, 0), COALESCE(merchant_id, 0))
  WHERE retired_at IS NULL;

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

CREATE INDEX notice_newest_of_staff ON notice (staff_id, id);

CREATE INDEX notice_of_staff ON notice (staff_id, read_at, id);

CREATE TABLE number_counter (
  day  TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE INDEX obligation_by_start ON obligation (starts_at);

CREATE INDEX obligation_due ON obligation (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX obligation_filing ON obligation (due_at) WHERE kind = 'close_out' AND breached_at IS NULL AND next_at IS NOT NULL;

CREATE INDEX obligation_of_debtor ON obligation (debtor_staff_id, due_at) WHERE met_at IS NULL AND cancelled_at IS NULL;

CREATE TABLE organisation_version (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  version  INTEGER NOT NULL
) STRICT;

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
  last_error TEXT, attempts_before INTEGER NOT NULL DEFAULT 0,
  CHECK (sent_at IS NULL OR dead_at IS NULL),
  CHECK ((next_at IS NULL) = (sent_at IS NOT NULL OR dead_at IS NOT NULL))
) STRICT;

CREATE INDEX outbox_dead ON outbox (dead_at, id) WHERE dead_at IS NOT NULL;

CREATE INDEX outbox_dead_of_target ON outbox (channel, target, id) WHERE dead_at IS NOT NULL;

CREATE INDEX outbox_due ON outbox (channel, next_at, id) WHERE next_at IS NOT NULL;

CREATE INDEX outbox_lane ON outbox (channel, target, next_at, id) WHERE next_at IS NOT NULL AND channel <> 'notice';

CREATE INDEX outbox_of_target ON outbox (channel, target, id) WHERE channel <> 'notice';

CREATE INDEX outbox_pending_of_ticket ON outbox (ticket_id, channel, target, id) WHERE next_at IS NOT NULL;

CREATE INDEX outbox_sent ON outbox (channel, sent_at) WHERE sent_at IS NOT NULL AND channel <> 'notice';

CREATE TABLE policy (
  version    INTEGER PRIMARY KEY,
  document   TEXT NOT NULL,         -- JSON; never changed, a new version is a new row
  created_at INTEGER NOT NULL,      -- ms since 1970 UTC
  author_id  INTEGER                -- none: the defaults
) STRICT;

CREATE TABLE replay (
  file_hash   BLOB NOT NULL PRIMARY KEY CHECK (length(file_hash) = 32),   -- of the file's bytes
  steps_done  INTEGER NOT NULL,            -- of the plan, which follows from the file alone
  elapsed_ms  INTEGER NOT NULL,            -- real time, all runs together
  finished_at INTEGER                      -- ms since 1970 UTC; NULL: to be continued
) STRICT;

CREATE TABLE replay_ticket (
  line      INTEGER PRIMARY KEY,           -- of the file, from 1
  case_id   TEXT NOT NULL,
  ticket_id INTEGER NOT NULL
) STRICT;

CREATE TABLE role (
  name        TEXT PRIMARY KEY,
  permissions TEXT NOT NULL   -- names separated by a space
) STRICT;

CREATE TABLE search_document (
  id         INTEGER PRIMARY KEY,   -- in order of first indexing: a greater one is newer
  kind       TEXT NOT NULL CHECK (kind IN ('ticket', 'customer', 'article')),
  ref_id     INTEGER NOT NULL,
  created_at INTEGER NOT NULL,      -- of what is described, ms since 1970 UTC
  UNIQUE (kind, ref_id)             -- also serves: the document of a thing, to replace or remove it
) STRICT;

CREATE VIRTUAL TABLE search_index USING fts5(
  title, tokens, scope,
  tokenize = 'ascii',
  prefix = '1 2 3 4',   -- the last word typed matches as a beginning: without these each search reads all its hits
  detail = column
);

CREATE TABLE search_queue (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,   -- never reused: a row added while the indexer works is not lost
  kind   TEXT NOT NULL CHECK (kind IN ('ticket', 'customer', 'article')),
  ref_id INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  token_hash   BLOB PRIMARY KEY CHECK (length(token_hash) = 32),   -- BLAKE2b of the cookie, which is stored nowhere
  staff_id     INTEGER NOT NULL REFERENCES staff (id),
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,   -- behind by a minute at most
  expires_at   INTEGER NOT NULL    -- whatever is done in it
, address    TEXT NOT NULL DEFAULT '', user_agent TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX session_by_expiry ON session (expires_at);

CREATE INDEX session_of_staff ON session (staff_id);

CREATE TABLE sign_in_failure (
  subject      TEXT PRIMARY KEY,   -- hash of a login, an address or both
  count        INTEGER NOT NULL,
  last_at      INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  succeeded_at INTEGER             -- of a login at an address: when it was last right
) STRICT;

CREATE INDEX sign_in_failure_by_age ON sign_in_failure (last_at);

CREATE TABLE slip_unit (
  unit_id     INTEGER NOT NULL,
  ticket_id   INTEGER NOT NULL REFERENCES ticket (id),
  next_due_at INTEGER,                           -- the ticket's own; none: it is closed
  PRIMARY KEY (unit_id, ticket_id)                                                                      -- a unit's all
) STRICT, WITHOUT ROWID;

CREATE INDEX slip_unit_of_ticket ON slip_unit (ticket_id);

CREATE INDEX slip_unit_open ON slip_unit (unit_id, next_due_at, ticket_id) WHERE next_due_at IS NOT NULL;

CREATE TABLE staff (
  id                  INTEGER PRIMARY KEY,
  login               TEXT NOT NULL UNIQUE CHECK (login = lower(login)),
  name                TEXT NOT NULL CHECK (name <> ''),
  unit_id             INTEGER NOT NULL REFERENCES unit (id),
  language            TEXT NOT NULL,
  password_hash       TEXT NOT NULL,   -- argon2id, with its parameters
  password_changed_at INTEGER NOT NULL,
  created_at          INTEGER NOT NULL,
  disabled_at         INTEGER
, one_time_until INTEGER) STRICT;

CREATE TABLE staff_role (
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  role     TEXT NOT NULL REFERENCES role (name),
  unit_id  INTEGER REFERENCES unit (id)   -- the role is held within this unit only
) STRICT;

CREATE UNIQUE INDEX staff_role_once ON staff_role (staff_id, role, COALESCE(unit_id, 0));

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

CREATE UNIQUE INDEX tenure_one_owner ON tenure (ticket_id) WHERE to_at IS NULL;

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

CREATE INDEX ticket_in_queue ON ticket (queue_unit_id, next_due_at, id) WHERE step = 'intake';

CREATE INDEX ticket_of_area ON ticket (area_id, id) WHERE area_id IS NOT NULL;

CREATE INDEX ticket_of_customer ON ticket (customer_id, id);

CREATE INDEX ticket_of_merchant ON ticket (merchant_id, id) WHERE merchant_id IS NOT NULL;

CREATE INDEX ticket_of_merchant_open ON ticket (merchant_id, next_due_at, id) WHERE closed_at IS NULL AND merchant_id IS NOT NULL;

CREATE INDEX ticket_of_owner ON ticket (owner_id, id);

CREATE INDEX ticket_of_owner_open ON ticket (owner_id, next_due_at, id) WHERE closed_at IS NULL;

CREATE INDEX ticket_of_unit ON ticket (owner_unit_id, id);

CREATE INDEX ticket_of_unit_open ON ticket (owner_unit_id, next_due_at, id) WHERE closed_at IS NULL;

CREATE INDEX ticket_open_by_due ON ticket (next_due_at, id) WHERE closed_at IS NULL;

CREATE INDEX ticket_overdue ON ticket (next_due_at, id) WHERE overdue = 1;

CREATE INDEX ticket_overdue_of_merchant ON ticket (merchant_id, next_due_at, id) WHERE overdue = 1 AND merchant_id IS NOT NULL;

CREATE INDEX ticket_overdue_of_owner ON ticket (owner_id, next_due_at, id) WHERE overdue = 1;

CREATE INDEX ticket_overdue_of_unit ON ticket (owner_unit_id, next_due_at, id) WHERE overdue = 1;

CREATE INDEX ticket_waiting ON ticket (next_due_at, id) WHERE step = 'intake';

CREATE INDEX ticket_waiting_of_merchant ON ticket (merchant_id, next_due_at, id) WHERE step = 'intake' AND merchant_id IS NOT NULL;

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

CREATE TABLE transfer_slip (
  ticket_id   INTEGER NOT NULL REFERENCES ticket (id),
  no          INTEGER NOT NULL,                  -- counted within the ticket
  unit_id     INTEGER NOT NULL,
  handler_id  INTEGER,
  state       TEXT NOT NULL CHECK (state IN ('issued', 'acknowledged', 'in_progress', 'proposed', 'completed', 'confirmed', 'rejected', 'withdrawn')),
  issued_at   INTEGER NOT NULL,
  next_due_at INTEGER NOT NULL,                  -- of what is owed for it next; of its completion when nothing is
  ended_at    INTEGER,
  PRIMARY KEY (ticket_id, no),
  CHECK ((ended_at IS NOT NULL) = (state IN ('confirmed', 'rejected', 'withdrawn')))
) STRICT, WITHOUT ROWID;

CREATE INDEX transfer_slip_of_unit_open ON transfer_slip (unit_id, next_due_at, ticket_id, no) WHERE ended_at IS NULL;

CREATE TABLE unit (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('department', 'merchant', 'team')),
  name       TEXT NOT NULL CHECK (name <> ''),
  parent_id  INTEGER REFERENCES unit (id) CHECK (parent_id <> id),
  head_id    INTEGER REFERENCES staff (id),
  calendar   TEXT NOT NULL DEFAULT '',   -- name of a calendar of the policy; empty: the parent's
  time_zone  TEXT NOT NULL DEFAULT '',   -- IANA; empty: the parent's
  created_at INTEGER NOT NULL            -- ms since 1970 UTC, as all moments here
) STRICT;

CREATE UNIQUE INDEX unit_name ON unit (COALESCE(parent_id, 0), name);

CREATE TABLE webhook (
  id               INTEGER PRIMARY KEY,
  version          INTEGER NOT NULL CHECK (version > 0),
  name             TEXT NOT NULL UNIQUE CHECK (name <> ''),
  url              TEXT NOT NULL,
  kinds            TEXT NOT NULL,      -- of events, separated by a space
  secret           TEXT NOT NULL CHECK (secret LIKE 'whsec\_%' ESCAPE '\'),   -- in clear: without it nothing can be signed
  old_secret       TEXT,               -- signs too, until this moment
  old_secret_until INTEGER,            -- ms since 1970 UTC, as all moments here
  created_at       INTEGER NOT NULL,
  disabled_at      INTEGER,
  disabled_reason  TEXT CHECK (disabled_reason IN ('by_hand', 'gone', 'failing')),
  last_success_at  INTEGER,
  failing_since    INTEGER,            -- the first failure since the last success
  CHECK ((old_secret IS NULL) = (old_secret_until IS NULL)),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
) STRICT;

CREATE TABLE webhook_attempt (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_id INTEGER NOT NULL,         -- without a foreign key: the record outlives the webhook
  message_id INTEGER NOT NULL,         -- of the outbox
  attempt    INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  took_ms    INTEGER NOT NULL,
  status     INTEGER,                  -- of the answer; NULL: none came
  verdict    TEXT NOT NULL CHECK (verdict IN ('accepted', 'failed', 'gone')),
  fault      TEXT,                     -- why no answer came
  detail     TEXT NOT NULL,
  answer     TEXT NOT NULL             -- its first letters
) STRICT;

CREATE INDEX webhook_attempt_by_age ON webhook_attempt (at);

CREATE INDEX webhook_attempt_of_message ON webhook_attempt (webhook_id, message_id, attempt);
