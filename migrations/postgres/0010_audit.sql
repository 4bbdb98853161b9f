-- Who did what to records and rights. Each entry carries the hash of the one before.

CREATE TABLE audit_entry (
  id           BIGINT PRIMARY KEY,   -- numbered from 1 without gaps
  at           BIGINT NOT NULL,      -- ms since 1970 UTC
  actor_id     BIGINT,               -- a member of staff; NULL: the system itself
  action       TEXT NOT NULL CHECK (action <> ''),
  subject_kind TEXT NOT NULL,
  subject_id   TEXT NOT NULL,
  data         TEXT NOT NULL,         -- a JSON object
  prev_hash    BYTEA NOT NULL CHECK (length(prev_hash) = 32),
  hash         BYTEA NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX audit_entry_by_actor ON audit_entry (actor_id, id);   -- what one person did
CREATE INDEX audit_entry_by_action ON audit_entry (action, id);    -- all disclosures, all changes of rights
CREATE INDEX audit_entry_by_time ON audit_entry (at, id);          -- what was done in a period

CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_entry is append-only';
END;
$$;
CREATE TRIGGER audit_entry_is_never_changed_or_removed BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only();
