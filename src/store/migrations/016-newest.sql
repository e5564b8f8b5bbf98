-- The newest commits are read in their order, and a commit counts once for a file, by whatever of its names it changed it.

CREATE INDEX reach_position ON reach (worktree, position);

UPDATE worktree SET history = NULL; -- `activity` is counted anew at the next refresh
