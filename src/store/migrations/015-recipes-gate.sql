-- Whether recipes improved the ranking on past features.

ALTER TABLE learned_ranking ADD COLUMN by_recipes INTEGER NOT NULL DEFAULT 1; -- 1: the recipe of a request changes the ranking, also if too few features have one to judge by
