-- Transfer slips (转办单) as lists read them. What a slip holds beside stands in its ticket's state; a row is written in the
-- transaction of the events that change it.

CREATE TABLE transfer_slip (
  ticket_id   BIGINT NOT NULL REFERENCES ticket (id),
  no          BIGINT NOT NULL,                  -- counted within the ticket
  unit_id     BIGINT NOT NULL,
  handler_id  BIGINT,
  state       TEXT NOT NULL CHECK (state IN ('issued', 'acknowledged', 'in_progress', 'proposed', 'completed', 'confirmed', 'rejected', 'withdrawn')),
  issued_at   BIGINT NOT NULL,
  next_due_at BIGINT NOT NULL,                  -- of what is owed for it next; of its completion when nothing is
  ended_at    BIGINT,
  PRIMARY KEY (ticket_id, no),
  CHECK ((ended_at IS NOT NULL) = (state IN ('confirmed', 'rejected', 'withdrawn')))
);
CREATE INDEX transfer_slip_of_unit_open ON transfer_slip (unit_id, next_due_at, ticket_id, no) WHERE ended_at IS NULL;  -- a unit's inbox

-- Which units have, or ever had, a slip of which ticket: who may read it, also afterwards.
CREATE TABLE slip_unit (
  unit_id     BIGINT NOT NULL,
  ticket_id   BIGINT NOT NULL REFERENCES ticket (id),
  next_due_at BIGINT,                           -- the ticket's own; none: it is closed
  PRIMARY KEY (unit_id, ticket_id)                                                                      -- a unit's all
);
CREATE INDEX slip_unit_open ON slip_unit (unit_id, next_due_at, ticket_id) WHERE next_due_at IS NOT NULL;  -- view=unit
CREATE INDEX slip_unit_of_ticket ON slip_unit (ticket_id);            -- a ticket's new limit; whether a unit may read it

UPDATE role SET permissions = permissions || ' slip_act'
WHERE name IN ('agent', 'merchant_agent', 'handler', 'unit_head', 'supervisor', 'manager');
