-- 1: the content has no secret, so a pack need not search it again. 0: it has one, or it was read by an earlier version.

ALTER TABLE source ADD COLUMN clean INTEGER NOT NULL DEFAULT 0;
