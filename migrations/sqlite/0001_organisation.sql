-- Who belongs where and may do what; how they prove who they are.

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
CREATE UNIQUE INDEX unit_name ON unit (COALESCE(parent_id, 0), name);   -- one name once at a place

CREATE TABLE area (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL CHECK (name <> ''),
  parent_id  INTEGER REFERENCES area (id) CHECK (parent_id <> id),   -- a street's area
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX area_name ON area (COALESCE(parent_id, 0), name);   -- one name once at a place

CREATE TABLE role (
  name        TEXT PRIMARY KEY,
  permissions TEXT NOT NULL   -- names separated by a space
) STRICT;

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
) STRICT;

CREATE TABLE staff_role (
  staff_id INTEGER NOT NULL REFERENCES staff (id),
  role     TEXT NOT NULL REFERENCES role (name),
  unit_id  INTEGER REFERENCES unit (id)   -- the role is held within this unit only
) STRICT;
CREATE UNIQUE INDEX staff_role_once ON staff_role (staff_id, role, COALESCE(unit_id, 0));   -- the roles of one person

-- Counts every change of the tables above, so that a copy in memory knows which is newer.
CREATE TABLE organisation_version (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  version  INTEGER NOT NULL
) STRICT;
INSERT INTO organisation_version (only_row, version) VALUES (1, 0);

CREATE TABLE session (
  token_hash   BLOB PRIMARY KEY CHECK (length(token_hash) = 32),   -- BLAKE2b of the cookie, which is stored nowhere
  staff_id     INTEGER NOT NULL REFERENCES staff (id),
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,   -- behind by a minute at most
  expires_at   INTEGER NOT NULL    -- whatever is done in it
) STRICT;
CREATE INDEX session_of_staff ON session (staff_id);      -- all sessions of a person end together
CREATE INDEX session_by_expiry ON session (expires_at);   -- removal of what is over

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
CREATE INDEX api_token_of_staff ON api_token (staff_id);   -- all tokens of a person are revoked together

CREATE TABLE sign_in_failure (
  subject      TEXT PRIMARY KEY,   -- hash of a login, an address or both
  count        INTEGER NOT NULL,
  last_at      INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  succeeded_at INTEGER             -- of a login at an address: when it was last right
) STRICT;
CREATE INDEX sign_in_failure_by_age ON sign_in_failure (last_at);   -- removal of what is forgotten
