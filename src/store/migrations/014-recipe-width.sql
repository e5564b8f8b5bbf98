-- How wide what a recipe does is. They are mined anew by the next pass, in about a second.

DELETE FROM recipe;
DELETE FROM recipe_mining;
ALTER TABLE recipe ADD COLUMN sources REAL NOT NULL DEFAULT 0; -- source files that its commits changed, in the mean
