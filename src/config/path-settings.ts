/** Which paths the configurations name, as rules of a .gitignore, each configuration's own: what one leaves out the other does not take back. */
export interface PathSettings {
  readonly exclude: readonly NamedRules[]
  /** Read although a rule of repose leaves them out, or an ignore file. */
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

/** What the user's configuration and the repository's say of paths. */
export function pathSettings(user: Lists, own: Lists, ownFile: string): PathSettings {
  const both = (name: keyof Lists) =>
    [
      { by: 'user configuration', rules: user[name] ?? [] },
      { by: ownFile, rules: own[name] ?? [] },
    ].filter(({ rules }) => rules.length > 0)
  return { exclude: both('exclude'), include: both('include') }
}
