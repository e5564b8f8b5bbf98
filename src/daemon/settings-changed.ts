import { statSync } from 'node:fs'
import { join } from 'node:path'
import { userFolder } from '../config/user-folder.ts'

/** When the user's own configuration and what is trusted last changed, in one text. */
export function settingsChangedAt(env: NodeJS.ProcessEnv = process.env): string {
  const changedAt = (name: string) => statSync(join(userFolder(env), name), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return ['config.json', 'trust.json'].map(changedAt).join(' ')
}
