import type { CageConfig } from '../src/config/read-config.ts'
import { isCage, openCage } from '../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../src/verify/check-environment.ts'

/** Tells whether checks would run in a cage here with the user's settings, or why not and what to do. root: of the repository. */
export async function sayCage(cage: CageConfig, root: string): Promise<string> {
  const opened = await openCage({ root }, cage, checkEnvironment(process.env, cage.env))
  if (!isCage(opened)) {
    const fix = opened.fix === null ? '' : ` (${opened.fix})`
    return `${opened.isOfTree ? 'do not run' : 'run without a cage, with your rights'}: ${opened.why}${fix}`
  }
  const allowed = [
    cage.network ? 'with the network' : 'without a network',
    ...(cage.readable.length > 0 ? [`may read ${cage.readable.join(', ')}`] : []),
    ...(cage.env.length > 0 ? [`get ${cage.env.join(', ')}`] : []),
  ]
  return `run in a cage: ${opened.name}, ${allowed.join('; ')}`
}
