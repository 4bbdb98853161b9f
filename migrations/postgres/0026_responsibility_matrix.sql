-- The responsibility matrix (责任矩阵): which unit leads which matters, who works with it, who tells the customer. A column of the
-- key that is NULL fits any.

CREATE TABLE matrix_row (
  id             BIGINT PRIMARY KEY,
  version        BIGINT NOT NULL CHECK (version > 0),
  class          TEXT CHECK (class IN ('consultation', 'suggestion', 'complaint', 'help', 'repair', 'business')),
  category       TEXT CHECK (category <> ''),
  area_id        BIGINT REFERENCES area (id),
  merchant_id    BIGINT REFERENCES unit (id),
  lead_unit_id   BIGINT NOT NULL REFERENCES unit (id),
  lead_staff_id  BIGINT REFERENCES staff (id),
  teller_unit_id BIGINT REFERENCES unit (id),   -- NULL: the ticket's owner tells the customer
  plan_l1        TEXT,                           -- limits as the policy spells them (PT2H, P1WD); NULL: the policy's
  plan_l2        TEXT,
  plan_l3        TEXT,
  complete_l1    TEXT,
  complete_l2    TEXT,
  complete_l3    TEXT,
  comment        TEXT NOT NULL,
  updated_at     BIGINT NOT NULL,               -- ms since 1970 UTC
  author_id      BIGINT REFERENCES staff (id),  -- NULL: the program
  retired_at     BIGINT,
  CHECK (category IS NULL OR class IS NOT NULL)
);
-- Rows in use with one key would be a tie; also the question who holds a key.
CREATE UNIQUE INDEX matrix_row_key ON matrix_row (COALESCE(class, ''), COALESCE(category, ''), COALESCE(area_id, 0), COALESCE(merchant_id, 0))
  WHERE retired_at IS NULL;

CREATE TABLE matrix_cooperation (
  row_id   BIGINT NOT NULL REFERENCES matrix_row (id),
  position BIGINT NOT NULL CHECK (position >= 0),
  unit_id  BIGINT NOT NULL REFERENCES unit (id),
  duty     TEXT NOT NULL CHECK (duty <> ''),
  PRIMARY KEY (row_id, position),
  UNIQUE (row_id, unit_id)
);
