-- Files of tickets. Their contents lie beside the database, named by their hash; a row is written only when its file is on
-- the disk.

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
CREATE INDEX attachment_of_ticket ON attachment (ticket_id, id);   -- a ticket's files
