import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import type * as z from 'zod'
import { DEFAULTS } from './config-defaults.ts'
import type { USER_CONFIG } from './config-schema.ts'
import { UserError } from './errors.ts'
import { readSettings } from './read-settings.ts'

export const CONFIG_FILE = 'repose.config.json'

type FileConfig = z.infer<typeof USER_CONFIG>
export type Config = FileConfig & { readonly apiKey?: string; readonly db?: string }

/** Flags that every command takes; they win over everything. */
export interface ConfigFlags {
  readonly model?: string
  readonly db?: string
}

/**
 * Flags over environment over repose.config.json over ~/.config/repose/config.json over defaults.
 * root: top folder of the repository. Throws UserError for a file that is no JSON or has an unknown or wrong key.
 */
export async function readConfig(
  root: string,
  flags: ConfigFlags = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<Config> {
  const baseUrl = env.OPENAI_BASE_URL || env.OPENAI_API_BASE
  const db = flags.db ?? env.REPOSE_DB
  return {
    ...(await readFiles(root, env)),
    ...(env.REPOSE_MODEL ? { model: env.REPOSE_MODEL } : {}),
    ...(env.REPOSE_SLEEP_MODEL ? { sleepModel: env.REPOSE_SLEEP_MODEL } : {}),
    ...(baseUrl ? { baseUrl } : {}),
    ...(flags.model ? { model: flags.model, sleepModel: flags.model } : {}),
    ...(env.OPENAI_API_KEY ? { apiKey: env.OPENAI_API_KEY } : {}),
    ...(db ? { db } : {}),
  }
}

async function readFiles(root: string, env: NodeJS.ProcessEnv): Promise<FileConfig> {
  const userFile = join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'repose', 'config.json')
  const repositoryFile = join(root, CONFIG_FILE)
  // The schema library takes 40 ms to load: most repositories have neither file.
  if (!existsSync(userFile) && !existsSync(repositoryFile)) return structuredClone(DEFAULTS) as unknown as FileConfig
  const { REPOSITORY_CONFIG, USER_CONFIG } = await import('./config-schema.ts')
  const [user, own] = [readFile(userFile, USER_CONFIG), readFile(repositoryFile, REPOSITORY_CONFIG)]
  return USER_CONFIG.parse({ ...user, ...own, sleep: { ...user.sleep, ...own.sleep } })
}

function readFile(path: string, schema: z.ZodType): Partial<FileConfig> {
  const value = readSettings(path, basename(path) !== CONFIG_FILE) // no link that a repository brings is followed
  if (value === undefined) return {}
  const result = schema.safeParse(value)
  if (!result.success) {
    throw new UserError(`${path}: ${describe(result.error)}`, 'repose init --print shows every key with its default')
  }
  return value as Partial<FileConfig>
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0]!
  const at = issue.path.length > 0 ? `"${issue.path.join('.')}": ` : ''
  if (issue.code !== 'unrecognized_keys') return `${at}${issue.message}`
  const isOurs = issue.keys.includes('baseUrl') || issue.keys.includes('apiKey')
  const hint = isOurs
    ? ' (an endpoint belongs in OPENAI_BASE_URL or the user configuration, a key in OPENAI_API_KEY)'
    : ''
  return `${at}unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}${hint}`
}
