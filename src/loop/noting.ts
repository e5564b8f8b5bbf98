import { isFull } from '../errors.ts'

/**
 * Does a note of a run, unless the disk is full: the run goes on then, since what was paid for can still be delivered. Throws other errors.
 */
export function noting(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!isFull(error)) throw error
  }
}
