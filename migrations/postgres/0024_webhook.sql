-- Webhooks (对外通知): who outside is told of what, and how that went.

CREATE TABLE webhook (
  id               BIGINT PRIMARY KEY,
  version          BIGINT NOT NULL CHECK (version > 0),
  name             TEXT NOT NULL UNIQUE CHECK (name <> ''),
  url              TEXT NOT NULL,
  kinds            TEXT NOT NULL,      -- of events, separated by a space
  secret           TEXT NOT NULL CHECK (starts_with(secret, 'whsec_')),   -- in clear: without it nothing can be signed
  old_secret       TEXT,               -- signs too, until this moment
  old_secret_until BIGINT,            -- ms since 1970 UTC, as all moments here
  created_at       BIGINT NOT NULL,
  disabled_at      BIGINT,
  disabled_reason  TEXT CHECK (disabled_reason IN ('by_hand', 'gone', 'failing')),
  last_success_at  BIGINT,
  failing_since    BIGINT,            -- the first failure since the last success
  CHECK ((old_secret IS NULL) = (old_secret_until IS NULL)),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);

-- Each attempt to deliver a message of the outbox, with what came back; kept for some weeks.
CREATE TABLE webhook_attempt (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  webhook_id BIGINT NOT NULL,         -- without a foreign key: the record outlives the webhook
  message_id BIGINT NOT NULL,         -- of the outbox
  attempt    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  took_ms    BIGINT NOT NULL,
  status     BIGINT,                  -- of the answer; NULL: none came
  verdict    TEXT NOT NULL CHECK (verdict IN ('accepted', 'failed', 'gone')),
  fault      TEXT,                     -- why no answer came
  detail     TEXT NOT NULL,
  answer     TEXT NOT NULL             -- its first letters
);
CREATE INDEX webhook_attempt_of_message ON webhook_attempt (webhook_id, message_id, attempt);   -- one delivery; a page of them
CREATE INDEX webhook_attempt_by_age ON webhook_attempt (at);                                    -- removal of what is old

-- Stores that are in use already: their administrators may do it from now on.
UPDATE role SET permissions = permissions || ' webhook_edit' WHERE name = 'admin';
