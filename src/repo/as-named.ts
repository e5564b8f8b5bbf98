import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Environment of git for a repository that the user named: git opens a bare one only if it is named so, since a clone may bring one. */
export function asNamed(folder: string): Record<string, string> {
  return existsSync(join(folder, '.git')) ? {} : { GIT_DIR: folder }
}
