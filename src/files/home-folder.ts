import { homedir, userInfo } from 'node:os'
import { isAbsolute } from 'node:path'

/** The user's home folder: absolute. A HOME that is empty or relative does not count, since it would lead into the repository. */
export function homeFolder(): string {
  const given = homedir()
  if (isAbsolute(given)) return given
  try {
    return userInfo().homedir
  } catch {
    return '/' // the system does not know this user
  }
}
