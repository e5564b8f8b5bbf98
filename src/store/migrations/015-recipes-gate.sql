-- Whether what recipes tell the ranking was held against past features.

ALTER TABLE learned_ranking ADD COLUMN by_recipes INTEGER NOT NULL DEFAULT 1; -- 1: the recipe of a request tells the ranking
