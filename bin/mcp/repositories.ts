import { realpath } from 'node:fs/promises'
import { basename } from 'node:path'
import { openServed, type ServedRepo } from '../../agents/served/served-repo.ts'
import type { ConfigFlags } from '../../src/config/read-config.ts'
import { UserError } from '../../src/errors.ts'
import { openRepo, type Repo } from '../../src/repo/open-repo.ts'
import { workIn } from '../../src/repo/trees-around.ts'

/** A repository, and the name by which a client may say which one it means. */
export interface Named {
  readonly name: string
  readonly repo: ServedRepo
}

/** The repositories of a server, each opened once, whoever asks for it. */
export class Repositories {
  readonly #served = new Map<string, Promise<ServedRepo>>()
  readonly #opening = new Map<string, Promise<ServedRepo>>()
  readonly #flags: ConfigFlags
  #warming: Promise<void> = Promise.resolve()

  /** flags: of the command line; they hold for each repository. */
  constructor(flags: ConfigFlags = {}) {
    this.#flags = flags
  }

  /**
   * The repositories that hold these folders, each once. Folders of none are left out, unless nothing is left: then UserError says what is
   * wrong with the first.
   */
  async of(folders: readonly string[]): Promise<readonly Named[]> {
    for (const folder of folders) workIn(folder) // before a git starts in any of them
    const opened = await Promise.allSettled(folders.map((folder) => this.#servedAt(folder)))
    const served = new Set(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
    const [failed] = opened.filter((one) => one.status === 'rejected')
    if (served.size === 0) throw failed?.reason ?? new UserError('the client names no folder', 'open a folder in it')
    const names = new Set<string>()
    return [...served].map((repo) => {
      let name = basename(repo.root)
      for (let i = 2; names.has(name); i++) name = `${basename(repo.root)}~${i}`
      names.add(name)
      return { name, repo }
    })
  }

  /** Begins to open the repositories of folders and to list their files, before the first call. */
  warm(folders: readonly string[]): void {
    this.#warming = this.of(folders).then(
      async (served) => {
        await Promise.all(served.map(({ repo }) => repo.warm()))
      },
      () => {}, // the first call reports it
    )
  }

  async close(): Promise<void> {
    await this.#warming
    const opened = await Promise.allSettled(this.#served.values())
    await Promise.all(opened.map((one) => one.status === 'fulfilled' && one.value.close()))
  }

  async #servedAt(folder: string): Promise<ServedRepo> {
    // git need not be asked about a root. Any other folder may be of another repository by now, as where a link leads.
    const place = await realpath(folder).catch(() => folder)
    return this.#served.get(place) ?? this.#opening.get(place) ?? this.#open(folder, place)
  }

  /** Opens a repository once for all calls that come meanwhile. */
  #open(folder: string, place: string): Promise<ServedRepo> {
    const opening = openRepo(folder)
      .then((repo) => this.#at(repo))
      .finally(() => this.#opening.delete(place))
    this.#opening.set(place, opening)
    return opening
  }

  #at(repo: Repo): Promise<ServedRepo> {
    const known = this.#served.get(repo.root)
    if (known) return known
    const served = openServed(repo, this.#flags)
    this.#served.set(repo.root, served)
    served.catch(() => this.#served.delete(repo.root)) // its configuration may be mended while the server runs
    return served
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
