-- A shallow clone may get the rest of its history. Commits without a parent are not read any more: the history is read anew.

ALTER TABLE recipe_mining ADD COLUMN shallow TEXT; -- digest of the commits at which the shallow clone ended; null: it had the whole history

DELETE FROM activity;
DELETE FROM moved;
DELETE FROM reach;
DELETE FROM past_change;
DELETE FROM past_commit;
UPDATE worktree SET history = NULL;
