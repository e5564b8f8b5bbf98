-- What was read without contents that this partial clone lacked is read again once they are here. Earlier versions did not record this, so the
-- history is read anew.

ALTER TABLE past_commit ADD COLUMN missing TEXT; -- a content that is needed to find the commit's renames and is not here; null: they are known
CREATE INDEX past_missing ON past_commit (missing) WHERE missing IS NOT NULL;

ALTER TABLE recipe_mining ADD COLUMN missing TEXT; -- a missing content, because of which additions were left out; null: none

DELETE FROM activity;
DELETE FROM moved;
DELETE FROM reach;
DELETE FROM past_change;
DELETE FROM past_commit;
UPDATE worktree SET history = NULL;
