-- The tables that grow without end, in parts by the month in which their ticket was opened: an id begins with its time, so all
-- that belongs to a ticket lies in one part, and what is asked by ticket looks into one. Parts are made ahead by the program; an
-- old one can be detached. What there is stays where it is, in the part for all other times.

ALTER TABLE ticket_event RENAME TO ticket_event_other;
ALTER INDEX ticket_event_pkey RENAME TO ticket_event_other_pkey;
CREATE TABLE ticket_event (
  LIKE ticket_event_other INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (ticket_id, seq),
  FOREIGN KEY (ticket_id) REFERENCES ticket (id)
) PARTITION BY RANGE (ticket_id);
ALTER TABLE ticket_event ATTACH PARTITION ticket_event_other DEFAULT;

ALTER TABLE obligation RENAME TO obligation_other;
ALTER INDEX obligation_pkey RENAME TO obligation_other_pkey;
ALTER INDEX obligation_due RENAME TO obligation_other_due;
ALTER INDEX obligation_of_debtor RENAME TO obligation_other_of_debtor;
ALTER INDEX obligation_by_start RENAME TO obligation_other_by_start;
CREATE TABLE obligation (
  LIKE obligation_other INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (ticket_id, no),
  FOREIGN KEY (ticket_id) REFERENCES ticket (id)
) PARTITION BY RANGE (ticket_id);
CREATE INDEX obligation_due ON obligation (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX obligation_of_debtor ON obligation (debtor_staff_id, due_at) WHERE met_at IS NULL AND cancelled_at IS NULL;
CREATE INDEX obligation_by_start ON obligation (starts_at);
ALTER TABLE obligation ATTACH PARTITION obligation_other DEFAULT;

ALTER TABLE contact RENAME TO contact_other;
ALTER TABLE contact_other DROP CONSTRAINT contact_pkey;
ALTER TABLE contact_other ADD CONSTRAINT contact_other_pkey PRIMARY KEY (ticket_id, id);
DROP INDEX contact_of_ticket;
CREATE TABLE contact (
  LIKE contact_other INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
  PRIMARY KEY (ticket_id, id),
  FOREIGN KEY (ticket_id) REFERENCES ticket (id)
) PARTITION BY RANGE (ticket_id);
CREATE INDEX contact_by_id ON contact (id);  -- the greatest id in use
ALTER TABLE contact ATTACH PARTITION contact_other DEFAULT;
