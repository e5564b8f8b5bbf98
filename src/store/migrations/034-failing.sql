-- 1: its calls failed when it was last worked on.

ALTER TABLE backlog_item ADD COLUMN failing INTEGER NOT NULL DEFAULT 0;
