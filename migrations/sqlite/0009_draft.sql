-- What was typed and not sent yet (E6): one text a person, ticket and kind.

CREATE TABLE draft (
  staff_id   INTEGER NOT NULL,
  ticket_id  INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('reply', 'note')),
  content    TEXT NOT NULL CHECK (content <> ''),
  updated_at INTEGER NOT NULL,   -- ms since 1970 UTC
  PRIMARY KEY (staff_id, ticket_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_newest ON draft (staff_id, updated_at);   -- a person's list, newest first
