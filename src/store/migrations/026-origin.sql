-- What was not written here says where it came from.

ALTER TABLE summary ADD COLUMN origin TEXT;       -- 'remote NAME' or 'import'; null: written here
ALTER TABLE recipe_mining ADD COLUMN origin TEXT; -- likewise; null: mined here
ALTER TABLE draft ADD COLUMN origin TEXT;         -- likewise, of a plan; null: made here
