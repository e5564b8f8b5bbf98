-- Recipes that were found and are not shown: known when the next pass has mined anew.

ALTER TABLE recipe_mining ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
