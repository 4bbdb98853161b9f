-- The customer service file (客户服务档案, A10): who the people served are and how they are reached.

CREATE TABLE customer (
  id         BIGINT PRIMARY KEY,
  name       TEXT COLLATE "C" NOT NULL,
  phone      TEXT NOT NULL DEFAULT '',   -- the first telephone contact point's normal form, repeated so that lists read one row
  email      TEXT NOT NULL DEFAULT '',   -- as given
  account_no TEXT NOT NULL DEFAULT '',
  address    TEXT NOT NULL DEFAULT '',
  language   TEXT NOT NULL DEFAULT 'zh-CN' CHECK (language IN ('zh-CN', 'zh-TW', 'en')),
  note       TEXT NOT NULL DEFAULT '',   -- the platform's own, not for merchants
  tags       TEXT NOT NULL DEFAULT '[]' CHECK (tags LIKE '[%]'),   -- a JSON array of texts
  version    BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
  created_at BIGINT NOT NULL,            -- ms since 1970 UTC, as all moments here
  created_by BIGINT,                     -- NULL: the customer's own request
  updated_at BIGINT NOT NULL
);
CREATE INDEX customer_by_name ON customer (name, id);   -- who is called so, or whose name begins so

-- Every number and address under which somebody is known. Several people may share one.
CREATE TABLE customer_contact_point (
  customer_id BIGINT NOT NULL REFERENCES customer (id),
  kind        TEXT NOT NULL CHECK (kind IN ('phone', 'email', 'wechat')),
  normal      TEXT COLLATE "C" NOT NULL,  -- the form in which two of them are compared
  value       TEXT NOT NULL,              -- as given
  reversed    TEXT COLLATE "C" NOT NULL DEFAULT '',   -- telephone digits from the last to the first
  PRIMARY KEY (customer_id, kind, normal),
  CHECK ((kind = 'phone') = (reversed <> ''))
);
CREATE INDEX customer_contact_point_exact ON customer_contact_point (kind, normal, customer_id);   -- whose number is this
-- Whose number ends so.
CREATE INDEX customer_contact_point_tail ON customer_contact_point (reversed, customer_id) WHERE kind = 'phone';

-- Every change of a file (B4). `given`: somebody said so at intake, but the file was kept as it was.
CREATE TABLE customer_change (
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id BIGINT NOT NULL REFERENCES customer (id),
  at          BIGINT NOT NULL,
  by_staff_id BIGINT,
  kind        TEXT NOT NULL CHECK (kind IN ('edited', 'filled', 'given')),
  field       TEXT NOT NULL CHECK (field IN ('name', 'phone', 'email', 'account_no', 'address', 'language', 'note', 'tags')),
  value_before TEXT NOT NULL,
  value_after  TEXT NOT NULL
);
CREATE INDEX customer_change_of_customer ON customer_change (customer_id, id);   -- a file's history, newest first
