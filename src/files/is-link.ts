import { statsAt } from './stats-at.ts'

/** Whether a symbolic link is at a path. false also if nothing is there, or a file is on the way. */
export function isLink(path: string): boolean {
  return statsAt(path)?.isSymbolicLink() ?? false
}
