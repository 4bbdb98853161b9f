-- The policy (制度参数) with all its versions, and what was announced of public holidays beyond the built-in years.

CREATE TABLE policy (
  version    BIGINT PRIMARY KEY,
  document   TEXT NOT NULL,         -- JSON; never changed, a new version is a new row
  created_at BIGINT NOT NULL,      -- ms since 1970 UTC
  author_id  BIGINT                -- none: the defaults
);

CREATE TABLE holiday_year (
  year       BIGINT PRIMARY KEY,
  days       TEXT NOT NULL,         -- JSON list of {on, kind, name}
  updated_at BIGINT NOT NULL,
  author_id  BIGINT
);
