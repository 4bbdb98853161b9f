-- Webhooks (对外通知): who outside is told of what, and how that went.

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

-- Each attempt to deliver a message of the outbox, with what came back; kept for some weeks.
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
CREATE INDEX webhook_attempt_of_message ON webhook_attempt (webhook_id, message_id, attempt);   -- one delivery; a page of them
CREATE INDEX webhook_attempt_by_age ON webhook_attempt (at);                                    -- removal of what is old

-- Stores that are in use already: their administrators may do it from now on.
UPDATE role SET permissions = permissions || ' webhook_edit' WHERE name = 'admin';
