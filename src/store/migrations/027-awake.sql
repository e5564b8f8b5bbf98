-- A call for a user who waits belongs to the phase 'awake'; it was called 'test'.

UPDATE call SET phase = 'awake' WHERE phase = 'test';
