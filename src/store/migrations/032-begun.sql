-- Passes that began to work on an item, and were killed before that work ended.

ALTER TABLE backlog_item ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
