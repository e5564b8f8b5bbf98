import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes a user's configuration of its own for the tests of one repository, where git does not see it. Returns the environment that names it. */
export function userConfig(root: string, config: object): { readonly XDG_CONFIG_HOME: string } {
  const home = join(root, '.git/config-home')
  mkdirSync(join(home, 'repose'), { recursive: true })
  writeFileSync(join(home, 'repose/config.json'), JSON.stringify(config))
  return { XDG_CONFIG_HOME: home }
}

/** For checks that reach out of their working tree. */
export const UNCAGED = { checks: { uncaged: true } }
