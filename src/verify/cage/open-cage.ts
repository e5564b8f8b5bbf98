import type { Cage, CageSettings, NoCage } from './cage.ts'
import { openBubblewrap } from './open-bubblewrap.ts'
import { openSandboxExec } from './sandbox-exec.ts'
import type { CagePlace } from './what-is-visible.ts'

/**
 * The cage for checks in a working tree, after one trial with a command that does nothing; or why there is none.
 *
 * env: the environment of the checks. Call it before the first check: it trusts what the working tree says about itself.
 */
export async function openCage(
  place: CagePlace,
  settings: CageSettings,
  env: Readonly<Record<string, string>>,
): Promise<Cage | NoCage> {
  if (settings.uncaged) return { why: 'your configuration says checks.uncaged', fix: 'remove that setting' }
  if (process.platform === 'linux') return openBubblewrap(place, settings, env)
  if (process.platform === 'darwin') return openSandboxExec(place, settings, env)
  return { why: `repose has no cage for ${process.platform}`, fix: null }
}

export function isCage(one: Cage | NoCage): one is Cage {
  return 'wrap' in one
}
