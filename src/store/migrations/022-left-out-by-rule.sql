-- By which rule a file is left out, or listed and not read, in words; null: its content says it, or the reason does.

ALTER TABLE file ADD COLUMN rule TEXT;
