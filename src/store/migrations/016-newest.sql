-- The newest commits are read in order. A commit counts once for a file, whichever of its names it changed.

CREATE INDEX reach_position ON reach (worktree, position);

UPDATE worktree SET history = NULL; -- `activity` is counted anew at the next refresh
