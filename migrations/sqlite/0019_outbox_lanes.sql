-- Each target of the outbox is a lane of its own: none waits for another, and what went wrong in one can be sent again.

ALTER TABLE outbox ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0;   -- those made before somebody had it sent again

DROP INDEX outbox_pending_of_ticket;
DROP INDEX outbox_dead;
-- What stands before or behind a message of the same ticket in its lane.
CREATE INDEX outbox_pending_of_ticket ON outbox (ticket_id, channel, target, id) WHERE next_at IS NOT NULL;
-- Which lanes have something to send, and the first of each.
CREATE INDEX outbox_lane ON outbox (channel, target, next_at, id) WHERE next_at IS NOT NULL AND channel <> 'notice';
CREATE INDEX outbox_of_target ON outbox (channel, target, id) WHERE channel <> 'notice';   -- what was sent to one, newest first
CREATE INDEX outbox_dead ON outbox (dead_at, id) WHERE dead_at IS NOT NULL;                -- the administrator's list, newest first
CREATE INDEX outbox_dead_of_target ON outbox (channel, target, id) WHERE dead_at IS NOT NULL;   -- what one target did not get
-- Removal of what was sent long ago.
CREATE INDEX outbox_sent ON outbox (channel, sent_at) WHERE sent_at IS NOT NULL AND channel <> 'notice';
