-- Historic tickets played through the rules: how far, and which row became which ticket.

CREATE TABLE replay (
  file_hash   BYTEA PRIMARY KEY CHECK (length(file_hash) = 32),   -- of the file's bytes
  steps_done  BIGINT NOT NULL,            -- of the plan, which follows from the file alone
  elapsed_ms  BIGINT NOT NULL,            -- real time, all runs together
  finished_at BIGINT                      -- ms since 1970 UTC; NULL: to be continued
);

CREATE TABLE replay_ticket (
  line      BIGINT PRIMARY KEY,           -- of the file, from 1
  case_id   TEXT NOT NULL,
  ticket_id BIGINT NOT NULL
);
