-- A person's notices, read and unread together, newest first.
CREATE INDEX notice_newest_of_staff ON notice (staff_id, id);
