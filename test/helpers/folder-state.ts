import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Everything that a folder holds, by path: permission bits, when it was changed, and a hash of its bytes. Paths of folders end in '/'.
 * isLeftOut: paths that do not count; of a folder as 'src', with all below it, as 'src/', the folder alone.
 */
export function folderState(
  folder: string,
  isLeftOut: (path: string) => boolean = () => false,
): Record<string, string> {
  const state: Record<string, string> = {}
  const walk = (below: string) => {
    const isInside = (name: string) => isLeftOut(below === '' ? name : `${below}/${name}`)
    const names = readdirSync(join(folder, below))
    // the time of a folder tells of names that come and go: where some do not count, it does not either
    if (!names.some(isInside) && !isLeftOut(`${below}/`)) state[`${below}/`] = told(join(folder, below))
    for (const name of names.filter((one) => !isInside(one))) {
      const path = below === '' ? name : `${below}/${name}`
      if (lstatSync(join(folder, path)).isDirectory()) walk(path)
      else state[path] = told(join(folder, path))
    }
  }
  walk('')
  return state
}

function told(path: string): string {
  const stats = lstatSync(path, { bigint: true })
  const kind = stats.isFile() ? readFileSync(path) : stats.isSymbolicLink() ? readlinkSync(path) : 'not read'
  return `${stats.mode.toString(8)} ${stats.mtimeNs} ${createHash('sha256').update(kind).digest('hex').slice(0, 16)}`
}
