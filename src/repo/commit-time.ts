const LAST = 8_640_000_000_000 // seconds that a Date can hold

/** The time of a commit as git writes it, in seconds since 1970. Of one that no date can hold it is 0, as git shows one that it cannot hold itself. */
export function commitTime(text: string): number {
  const time = Number(text)
  return Math.abs(time) <= LAST ? time : 0
}
