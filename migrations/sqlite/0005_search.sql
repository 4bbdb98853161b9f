-- Full text. Words are cut and folded by the program (base/tokens), so that both databases find the same; here they
-- arrive separated by spaces. Request transactions only add to search_queue; the indexer empties it in batches.

CREATE TABLE search_document (
  id         INTEGER PRIMARY KEY,   -- in order of first indexing: a greater one is newer
  kind       TEXT NOT NULL CHECK (kind IN ('ticket', 'customer', 'article')),
  ref_id     INTEGER NOT NULL,
  created_at INTEGER NOT NULL,      -- of what is described, ms since 1970 UTC
  UNIQUE (kind, ref_id)             -- also serves: the document of a thing, to replace or remove it
) STRICT;

-- rowid = search_document.id; scope holds kind and rights as words. The ascii tokenizer leaves every letter beyond
-- ASCII alone: the program has folded them already. No positions are kept (detail = column): phrases are not searched.
CREATE VIRTUAL TABLE search_index USING fts5(
  title, tokens, scope,
  tokenize = 'ascii',
  prefix = '1 2 3 4',   -- the last word typed matches as a beginning: without these each search reads all its hits
  detail = column
);

CREATE TABLE search_queue (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,   -- never reused: a row added while the indexer works is not lost
  kind   TEXT NOT NULL CHECK (kind IN ('ticket', 'customer', 'article')),
  ref_id INTEGER NOT NULL
) STRICT;
