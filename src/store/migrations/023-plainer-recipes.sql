-- A recipe is found by one word, and a title is compared with recipes in the order of their positions. The next pass mines them anew.

DROP TABLE recipe_term;
DELETE FROM recipe;
DELETE FROM recipe_mining;
ALTER TABLE recipe_mining DROP COLUMN withheld;

-- Weights are no longer learned from past features.
DROP TABLE learned_ranking;
