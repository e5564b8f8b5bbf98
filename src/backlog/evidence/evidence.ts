/** Something in a repository that hints at a request to come. */
export interface Evidence {
  /**
   * 'plan': a document says it is planned. 'unreleased': the changelog lists it as new. 'promise': a commit says that more follows.
   * 'series': done for some siblings, and not for others. 'todo': a comment asks for it. 'commit': the direction of recent work.
   */
  readonly kind: 'plan' | 'unreleased' | 'promise' | 'series' | 'todo' | 'commit'
  /** Where it is: 'README.md:12', or 'a1b2c3d4e5' for a commit. */
  readonly place: string
  /** One line. */
  readonly text: string
}

/** A recent commit. */
export interface RecentCommit {
  readonly hash: string
  readonly subject: string
  readonly body: string
  /** Paths that it added. */
  readonly added: readonly string[]
  /** Paths that it changed, added ones included. */
  readonly changed: readonly string[]
}

const LONGEST = 180 // characters of a text
const MOST_READ = 5000 // characters: enough for LONGEST, except after very long links

/** A text on one line, without marks of Markdown, and cut to size. */
export function onOneLine(text: string): string {
  const plain = text
    .slice(0, MOST_READ)
    .replace(/\[([^[\]]*)\]\([^[)]*\)/g, '$1') // without '[' inside: a row of '[' would take quadratic time
    .replace(/\s+/g, ' ')
    .trim()
  return plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST - 1)}…`
}

export function placeOf({ hash }: Pick<RecentCommit, 'hash'>): string {
  return hash.slice(0, 10)
}
