export type When = 'auto' | 'always' | 'never'

/**
 * Whether a stream gets colours: by --color; else by FORCE_COLOR and NO_COLOR, in Node's order (empty: not set); else if it is a
 * terminal that supports them.
 */
export function coloursWanted(when: When, isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (when !== 'auto') return when === 'always'
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isTerminal && !env.NO_COLOR && env.TERM !== 'dumb'
}
