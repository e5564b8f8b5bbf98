-- A call that was cut off, for instance by its time limit, is made again: each attempt may be paid, and all but the last have failed.

ALTER TABLE call ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;
