-- A year's holidays are written over a version that was seen, like everything else.

ALTER TABLE holiday_year ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0);
