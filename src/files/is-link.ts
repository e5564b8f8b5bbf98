import { lstatSync } from 'node:fs'

/** Whether a symbolic link is at a path. false also if nothing is there, or a file is on the way. */
export function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}
