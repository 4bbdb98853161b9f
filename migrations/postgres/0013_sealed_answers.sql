-- The first answers of repeated requests, sealed with the key of the request: they may hold a secret of the customer's. What
-- was kept in clear lives for a day only and is not carried over.

DROP TABLE idempotency;

CREATE TABLE idempotency (
  key_hash     BYTEA NOT NULL PRIMARY KEY,   -- of caller, address and Idempotency-Key
  body_mac     BYTEA NOT NULL,      -- of the body, under the key
  status       INTEGER NOT NULL,
  answer       BYTEA NOT NULL,      -- sealed with the key
  content_type TEXT NOT NULL,
  location     TEXT,                 -- of what was created
  created_at   BIGINT NOT NULL
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);   -- removal of what is older than a day
