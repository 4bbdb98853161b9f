-- Who looked at the masked data of one customer, newest first.
CREATE INDEX audit_entry_by_subject ON audit_entry (subject_kind, subject_id, id);
