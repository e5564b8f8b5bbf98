import { basename } from 'node:path'
import { ServedRepo } from '../../agents/mcp/served-repo.ts'
import { UserError } from '../../src/errors.ts'
import { openRepo } from '../../src/repo/open-repo.ts'

/** A repository, and the name by which a client may say which one it means. */
export interface Named {
  readonly name: string
  readonly repo: ServedRepo
}

/** The repositories of a server, each opened once, whoever asks for it. */
export class Repositories {
  readonly #served = new Map<string, ServedRepo>()
  readonly #roots = new Map<string, string>() // by folder: git need not be asked again
  readonly #db: string | undefined

  /** db: the database, if the user names one. */
  constructor(db: string | undefined) {
    this.#db = db
  }

  /**
   * The repositories that hold these folders, each once. Folders of none are left out, unless nothing is left: then UserError says what is
   * wrong with the first.
   */
  async of(folders: readonly string[]): Promise<readonly Named[]> {
    const opened = await Promise.allSettled(folders.map((folder) => this.#rootOf(folder)))
    const roots = new Set(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
    const [failed] = opened.filter((one) => one.status === 'rejected')
    if (roots.size === 0) throw failed?.reason ?? new UserError('the client names no folder', 'open a folder in it')
    const names = new Set<string>()
    return [...roots].map((root) => {
      let name = basename(root)
      for (let i = 2; names.has(name); i++) name = `${basename(root)}~${i}`
      names.add(name)
      return { name, repo: this.#at(root) }
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#served.values()].map((repo) => repo.close()))
  }

  async #rootOf(folder: string): Promise<string> {
    const known = this.#roots.get(folder)
    if (known !== undefined) return known
    const { root } = await openRepo(folder)
    this.#roots.set(folder, root)
    return root
  }

  #at(root: string): ServedRepo {
    const known = this.#served.get(root)
    if (known) return known
    const repo = new ServedRepo(root, { db: this.#db })
    this.#served.set(root, repo)
    return repo
  }
}

/** The one of several repositories that a call means. Throws UserError if it does not say which, or there is none of that name. */
export function meant(served: readonly Named[], wanted: string | undefined): Named {
  const found =
    wanted === undefined ? served : served.filter(({ name, repo }) => name === wanted || repo.root === wanted)
  if (found.length === 1) return found[0]!
  const names = served.map(({ name }) => name).join(', ')
  if (wanted === undefined)
    throw new UserError(`${served.length} repositories are served: ${names}`, 'name one in `repository`')
  throw new UserError(`no repository ${wanted} is served`, `name one of these in \`repository\`: ${names}`)
}
