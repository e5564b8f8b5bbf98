/**
 * Paths that the configurations name, as rules of a .gitignore. Rules of different configurations stay separate: one cannot take back what
 * another one excludes.
 */
export interface PathSettings {
  readonly exclude: readonly NamedRules[]
  /** Paths that are read although a rule of repose or an ignore file excludes them. */
  readonly include: readonly NamedRules[]
}

export interface NamedRules {
  /** 'repose.config.json', or 'user configuration'. */
  readonly by: string
  readonly rules: readonly string[]
}

interface Lists {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

export const NO_PATHS: PathSettings = { exclude: [], include: [] }

/** The path rules of the user's configuration and of the repository's. */
export function pathSettings(user: Lists, own: Lists, ownFile: string): PathSettings {
  const both = (name: keyof Lists) =>
    [
      { by: 'user configuration', rules: user[name] ?? [] },
      { by: ownFile, rules: own[name] ?? [] },
    ].filter(({ rules }) => rules.length > 0)
  return { exclude: both('exclude'), include: both('include') }
}
