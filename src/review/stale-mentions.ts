import { kindOfPath } from '../paths.ts'
import { grepNames, type Mention } from '../repo/grep-names.ts'
import type { RepoPath } from '../types.ts'
import { goneNames } from './gone-names.ts'

/** A document that names what a change removed. */
export interface StaleMention extends Mention {
  /** A file that it was removed from. */
  readonly at: RepoPath
}

export interface Searched {
  readonly root: string
  /** True: the change is what is staged; false: it reaches up to the working tree. */
  readonly isStaged: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

const PAGES = ['*.md', '*.mdx', '*.markdown', '*.rst', '*.adoc', '*.asciidoc'].map((name) => `:(icase)${name}`)
const NO_PAGES = [':/', ...PAGES.map((page) => page.replace('(icase)', '(exclude,icase)'))]
// pages about what was: they may name what is gone
const OF_THE_PAST =
  /(^|\/|[._-])(change|history|news|release|migrat|upgrad|blog|archive|whatsnew|what-s-new|versioned|deprecat|todo|roadmap|adr|rfcs?)/i
const MOST = 20 // mentions that are reported

/**
 * Mentions of names that the change removes from source files, where no file but a page holds the name any more: one for
 * each page and name. diff: of the change, as goneNames() reads it. At most two git processes; none if nothing was removed.
 */
export async function staleMentions(diff: string, searched: Searched): Promise<StaleMention[]> {
  const gone = goneNames(diff)
  const mentions = new Map<string, Mention>()
  const names = new Set<string>()
  await grepNames(searched.root, [...gone.keys()], {
    ...searched,
    pathspecs: PAGES,
    onMention(mention) {
      const { path, name } = mention
      const key = `${name}\n${path}`
      if (kindOfPath(path) === 'doc' && !OF_THE_PAST.test(path) && !mentions.has(key)) {
        mentions.set(key, mention)
        names.add(name)
      }
      return true
    },
  })
  await grepNames(searched.root, [...names], {
    ...searched,
    pathspecs: NO_PAGES,
    onMention({ name }) {
      names.delete(name)
      return names.size > 0
    },
  })
  const stale = [...mentions.values()].filter(({ name }) => names.has(name))
  return stale.slice(0, MOST).map((mention) => ({ ...mention, at: gone.get(mention.name)! }))
}
