-- Articles and scripts: drafts, retired ones, and every version with who wrote it and when.

ALTER TABLE article ADD COLUMN state TEXT NOT NULL DEFAULT 'in_use' CHECK (state IN ('draft', 'in_use', 'retired'));
UPDATE article SET state = 'retired' WHERE disabled_at IS NOT NULL;

DROP INDEX article_in_use;
DROP INDEX article_shortcut;
CREATE INDEX article_by_state ON article (kind, state, id);   -- the lists, newest first; all scripts in use
CREATE UNIQUE INDEX article_shortcut ON article (shortcut) WHERE state = 'in_use';   -- what `/` finds is one script

CREATE TABLE article_version (
  article_id BIGINT NOT NULL REFERENCES article (id),
  version    BIGINT NOT NULL CHECK (version > 0),
  act        TEXT NOT NULL CHECK (act IN ('created', 'changed', 'published', 'retired')),
  title      TEXT NOT NULL,
  body       TEXT NOT NULL,
  class      TEXT,
  category   TEXT,
  step       TEXT,
  channel    TEXT,
  emotion    TEXT,
  shortcut   TEXT,
  saved_at   BIGINT NOT NULL,   -- ms since 1970 UTC
  saved_by   BIGINT,            -- NULL: the program itself
  PRIMARY KEY (article_id, version)
);
-- Of the versions before this migration only the present one is known.
INSERT INTO article_version (article_id, version, act, title, body, class, category, step, channel, emotion, shortcut, saved_at, saved_by)
SELECT id, version, CASE WHEN disabled_at IS NOT NULL THEN 'retired' WHEN version = 1 THEN 'created' ELSE 'changed' END,
       title, body, class, category, step, channel, emotion, shortcut, updated_at, updated_by
FROM article;
