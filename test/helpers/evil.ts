/** Clears the screen, sets the title of the window, hides what follows, turns its order around. */
export const EVIL = '\x1b[2J\x1b]0;pwned\x07\x9b8m\u202e\u2066\u200b'

/** What steers a terminal, or hides what it shows. */
export const STEERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/
