-- What is past its limit, by those who look for it: an owner, a unit, a merchant. Little at a time, however much there was.
CREATE INDEX ticket_overdue_of_owner ON ticket (owner_id, next_due_at, id) WHERE overdue = 1;
CREATE INDEX ticket_overdue_of_unit ON ticket (owner_unit_id, next_due_at, id) WHERE overdue = 1;
CREATE INDEX ticket_overdue_of_merchant ON ticket (merchant_id, next_due_at, id) WHERE overdue = 1 AND merchant_id IS NOT NULL;
