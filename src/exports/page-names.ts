import { createHash } from 'node:crypto'
import { canonicalName } from '../files/canonical-name.ts'
import type { RepoPath } from '../types.ts'

const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i // on Windows
const LONGEST = 100 // bytes of a part; most file systems allow 255

/**
 * Paths of pages for paths of a repository, which may hold characters that some systems do not allow in names. Two pages never share a name,
 * also where case does not count. taken: pages that exist already.
 */
export class PageNames {
  readonly #pages = new Map<string, string>()
  readonly #taken = new Map<string, string>()

  constructor(taken: readonly string[] = []) {
    for (const page of taken) this.#taken.set(canonicalName(page), page)
  }

  /** The page of a file, 'src/a.ts.md', or of a folder ('src/'), 'src/README.md'; '' is the root. */
  of(path: RepoPath): string {
    const known = this.#pages.get(path)
    if (known !== undefined) return known
    const parts = path.split('/')
    const last = parts.pop()!
    const page = [...parts.map(safe), last === '' ? 'README.md' : `${safe(last)}.md`].join('/')
    const key = page.split('/').map(canonicalName).join('/')
    const own = (this.#taken.get(key) ?? path) === path ? page : page.replace(/\.md$/, `~${hash(path)}.md`)
    this.#taken.set(own === page ? key : own, path)
    this.#pages.set(path, own)
    return own
  }
}

function safe(part: string): string {
  const plain = part.replace(/[^\w.@+=,()[\]-]/gu, (one) =>
    encodeURIComponent(/\p{Surrogate}/u.test(one) ? '?' : one).replace(/^[~!*']$/, '_'),
  )
  const ended = plain.replace(/\.$/, '%2E')
  const free = RESERVED.test(ended) || canonicalName(ended) === '.git' ? `_${ended}` : ended
  return free.length > LONGEST ? `${free.slice(0, LONGEST - 9)}~${hash(part)}` : free
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
