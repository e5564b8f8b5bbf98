import { UserError } from '../errors.ts'
import { MOST_SETTINGS, readRegular } from '../files/read-regular.ts'
import { parseJson } from '../text/parse-json.ts'

/**
 * Reads a JSON file of settings; undefined: there is none. followLink: allowed only for a file that the user placed. Throws UserError for
 * anything but a regular file of at most 1 MB, and for invalid JSON.
 */
export function readSettings(path: string, followLink: boolean): unknown {
  const read = readRegular(path, { followLink })
  if (read === 'absent') return undefined
  const fix = 'correct it, or delete it to use the defaults'
  if (typeof read === 'string')
    throw new UserError(`${path} is ${read === 'too large' ? `larger than ${MOST_SETTINGS / 1e6} MB` : read}`, fix)
  try {
    return parseJson(read.toString('utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UserError(`${path} is not JSON (${(error as Error).message.split('\n')[0]})`, fix)
  }
}
