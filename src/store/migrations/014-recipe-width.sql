-- How wide what a recipe does is: known once the next pass has mined anew.

ALTER TABLE recipe ADD COLUMN sources REAL; -- source files that its commits changed, in the mean; null: not counted
