-- How many source files a recipe changes: known when the next pass has mined anew.

ALTER TABLE recipe ADD COLUMN sources REAL; -- mean number of source files that its commits changed; null: not counted
