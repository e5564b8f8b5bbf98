-- What past features say of recipes.

ALTER TABLE learned_ranking ADD COLUMN by_recipes INTEGER NOT NULL DEFAULT 1; -- 1: the recipe of a request tells the ranking, also where too few features mean one to judge by
