import { lstatSync, type Stats } from 'node:fs'

/** Of what is at a path, which may be a link. null: nothing, also if no path can be so (too long, behind a file), or it is closed to us. */
export function statsAt(path: string): Stats | null {
  try {
    return lstatSync(path)
  } catch {
    return null
  }
}
