/** The number that Linux shows for an owner whom this container does not know: root outside, usually. */
export const UNKNOWN_OWNER = 65534
