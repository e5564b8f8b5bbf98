-- The rule by which a file is left out, or listed and not read, in words; null: its content or the reason shows it.

ALTER TABLE file ADD COLUMN rule TEXT;
