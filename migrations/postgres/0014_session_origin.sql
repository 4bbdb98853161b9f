-- Where somebody signed in, so that people recognise their own sign-ins and end the others.

ALTER TABLE session ADD COLUMN address    TEXT NOT NULL DEFAULT '';   -- of the network; empty: before this was kept
ALTER TABLE session ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';   -- what the browser says about itself
