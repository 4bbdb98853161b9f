-- What agents answer from: articles (知识库) and scripts (规范用语). Never removed: out of use is `disabled_at`.

CREATE TABLE article (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('article', 'script')),
  title       TEXT NOT NULL CHECK (title <> ''),
  body        TEXT NOT NULL CHECK (body <> ''),   -- Markdown
  class       TEXT CHECK (class IN ('consultation', 'suggestion', 'complaint', 'help', 'repair', 'business')),
  category    TEXT,
  step        TEXT CHECK (step IN ('intake', 'triage', 'handling', 'feedback', 'archived', 'cancelled')),
  channel     TEXT CHECK (channel IN ('phone', 'chat', 'web', 'wechat', 'email', 'counter', 'fax', 'sms', 'api')),
  emotion     TEXT CHECK (emotion IN ('calm', 'anxious', 'angry')),
  shortcut    TEXT,
  version     INTEGER NOT NULL CHECK (version > 0),
  updated_at  INTEGER NOT NULL,   -- ms since 1970 UTC
  updated_by  INTEGER,            -- NULL: the program itself
  disabled_at INTEGER,
  CHECK (kind = 'script' OR (step IS NULL AND channel IS NULL AND emotion IS NULL AND shortcut IS NULL))
) STRICT;
CREATE INDEX article_in_use ON article (kind, id) WHERE disabled_at IS NULL;   -- the list, newest first; all scripts
CREATE UNIQUE INDEX article_shortcut ON article (shortcut) WHERE disabled_at IS NULL;   -- what `/` finds is one script
