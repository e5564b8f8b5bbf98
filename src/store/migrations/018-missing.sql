-- What was read while its contents were not in this clone (a partial one) is read again once they are. Of earlier versions nobody knows what was: the history is read anew.

ALTER TABLE past_commit ADD COLUMN missing TEXT; -- a content without which what the commit renamed is not known; null: it is known
CREATE INDEX past_missing ON past_commit (missing) WHERE missing IS NOT NULL;

ALTER TABLE recipe_mining ADD COLUMN missing TEXT; -- a content for want of which additions were left out; null: none was

DELETE FROM activity;
DELETE FROM moved;
DELETE FROM reach;
DELETE FROM past_change;
DELETE FROM past_commit;
UPDATE worktree SET history = NULL;
