-- A recipe is found by one word, and recipes are compared with a title in the order of their positions. They are mined anew by the next pass.

DROP TABLE recipe_term;
DELETE FROM recipe;
DELETE FROM recipe_mining;
ALTER TABLE recipe_mining DROP COLUMN withheld;

-- Weights are no longer learned from past features.
DROP TABLE learned_ranking;
