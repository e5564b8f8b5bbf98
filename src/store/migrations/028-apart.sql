-- A request that a model takes for another one is asked about (its same_as, in the state 'needs-you'), and what the user said is kept.

ALTER TABLE backlog_item ADD COLUMN apart INTEGER NOT NULL DEFAULT 0; -- 1: the user says that it is a request of its own
