import { shownPath } from '../../src/paths.ts'
import { isOfDependency, ONLY_TYPES } from './dependency-types.ts'
import type { Look } from './parse-looks.ts'
import { wholePath } from './whole-path.ts'
import type { Workspace } from './workspace.ts'

export interface Resolved {
  /** Each file by its full path; for a package, its entry or the files with the name. */
  readonly looks: readonly Look[]
  /** Contents of the requested folders. */
  readonly folders: readonly string[]
  readonly remarks: string[]
}

/** Sorts the paths to open into files, folders and packages, and completes paths that were shown shortened. */
export async function resolveLooks(wished: readonly Look[], workspace: Workspace): Promise<Resolved> {
  const looks: Look[] = []
  const folders = new Set<string>()
  const remarks: string[] = []
  for (const look of wished) {
    if (look.kind === 'search' || (await workspace.read(look.path)) !== null) {
      looks.push(look)
      continue
    }
    const meant = await wholePath(look.path, (beginning) => workspace.beginningWith(beginning))
    if ('problem' in meant) {
      remarks.push(`(${meant.problem})`)
      continue
    }
    const { path } = meant
    const typed = isOfDependency(path) ? await workspace.types.filesOf(path, look.symbol) : []
    if (typed.length > 0) {
      looks.push(...typed.map((file) => ({ ...look, path: file })))
      continue
    }
    const folder = path === look.path ? await workspace.folder(path) : null
    if (folder !== null) folders.add(folder)
    else if (path !== look.path || !isOfDependency(path)) looks.push({ ...look, path })
    else remarks.push(`(${shownPath(path)}: ${ONLY_TYPES})`)
  }
  return { looks, folders: [...folders], remarks }
}
