-- A password that somebody else was shown, to be replaced by its person before this moment; NULL: their own.

ALTER TABLE staff ADD COLUMN one_time_until BIGINT;   -- ms since 1970 UTC
