import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type * as z from 'zod'
import { UserError } from '../errors.ts'
import { DEFAULTS } from './defaults.ts'
import { takenKeys } from './keys.ts'
import type { Limit, MergedFiles, RepositoryFile, UserFile } from './merge-files.ts'
import { type PathSettings, pathSettings } from './path-settings.ts'
import { readSettings } from './read-settings.ts'
import { requireOwn } from './require-own.ts'
import type { USER_CONFIG } from './schema.ts'
import { userFolder } from './user-folder.ts'

export const CONFIG_FILE = 'repose.config.json'

type FileConfig = Omit<z.infer<typeof USER_CONFIG>, 'checks'> & {
  readonly checks: readonly string[]
  readonly cage: CageConfig
  /** The repository's checks if the user has none. Nothing may run them before the user trusts the repository. null: none. */
  readonly repositoryChecks: readonly string[] | null
  /** `include` and `exclude` of each configuration. */
  readonly paths?: PathSettings
}
export type Config = FileConfig & { readonly apiKey?: string; readonly db?: string }

/** What checks are allowed to do. */
export type CageConfig = Omit<z.infer<typeof USER_CONFIG>['checks'], 'commands'>

/** Flags that every command accepts; they override everything else. */
export interface ConfigFlags {
  readonly model?: string
  readonly db?: string
}

/**
 * Precedence: flags, environment, ~/.config/repose/config.json, defaults. For a limit that repose.config.json also sets, the smaller value
 * counts (merge-files.ts). root: top folder of the repository. Throws UserError for a file that is not JSON or has an unknown or wrong key.
 */
export async function readConfig(
  root: string,
  flags: ConfigFlags = {},
  env: NodeJS.ProcessEnv = { ...process.env, ...takenKeys() },
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

/** Every limit in force for a repository, without flags, and where it comes from. Throws like readConfig. */
export async function readLimits(root: string, env: NodeJS.ProcessEnv = process.env): Promise<readonly Limit[]> {
  return (await readBoth(root, env)).limits
}

async function readFiles(root: string, env: NodeJS.ProcessEnv): Promise<FileConfig> {
  // Loading the schema library takes 40 ms, and most repositories have neither file.
  if (![userFile(env), repositoryFile(root)].some((path) => existsSync(path)))
    return { ...structuredClone(DEFAULTS), repositoryChecks: null } as unknown as FileConfig
  const [{ config, repositoryChecks, paths }, { USER_CONFIG }] = await Promise.all([
    readBoth(root, env),
    import('./schema.ts'),
  ])
  const { checks: said, ...rest } = USER_CONFIG.parse(config)
  const { commands: checks = [], ...cage } = said
  return { ...rest, checks, cage, repositoryChecks, paths }
}

async function readBoth(root: string, env: NodeJS.ProcessEnv): Promise<MergedFiles & { readonly paths: PathSettings }> {
  const [{ mergeFiles }, { REPOSITORY_CONFIG, USER_CONFIG }] = await Promise.all([
    import('./merge-files.ts'),
    import('./schema.ts'),
  ])
  requireOwn(userFile(env), root)
  const user: UserFile = readFile(userFile(env), USER_CONFIG)
  const repository: RepositoryFile = readFile(repositoryFile(root), REPOSITORY_CONFIG, Object.keys(USER_CONFIG.shape))
  return { ...mergeFiles(user, repository), paths: pathSettings(user, repository, CONFIG_FILE) }
}

function userFile(env: NodeJS.ProcessEnv): string {
  return join(userFolder(env), 'config.json')
}

function repositoryFile(root: string): string {
  return join(root, CONFIG_FILE)
}

/** The content of a file; {} if it is missing. ofTheUser: keys that are allowed only in the user's file. */
function readFile(path: string, schema: z.ZodType, ofTheUser: readonly string[] = []): object {
  const value = readSettings(path, basename(path) !== CONFIG_FILE) // a link that comes with a repository is not followed
  if (value === undefined) return {}
  const result = schema.safeParse(value)
  if (!result.success)
    throw new UserError(
      `${path}: ${describe(result.error, ofTheUser)}`,
      'repose init --print shows every key with its default',
    )
  return saidIn(result.data as object, value as object)
}

/** The parsed value without the defaults that the schema added. */
function saidIn(parsed: object, written: object): object {
  const isSection = (value: unknown): value is object => value instanceof Object && !Array.isArray(value)
  const of = new Map<string, unknown>(Object.entries(parsed))
  return Object.fromEntries(
    Object.entries(written).map(([key, value]) => {
      const read = of.get(key)
      return [key, isSection(read) && isSection(value) ? saidIn(read, value) : read]
    }),
  )
}

function describe(error: z.ZodError, ofTheUser: readonly string[]): string {
  const issue = innermost(error.issues[0]!)
  const at = issue.path.length > 0 ? `"${issue.path.join('.')}": ` : ''
  if (issue.code !== 'unrecognized_keys') return `${at}${issue.message}`
  const hint = issue.path.length === 0 ? whereItBelongs(issue.keys, ofTheUser) : ''
  return `${at}unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}${hint}`
}

function whereItBelongs(keys: readonly string[], ofTheUser: readonly string[]): string {
  if (keys.includes('apiKey')) return ' (the key of an endpoint is read from the environment only: OPENAI_API_KEY)'
  if (!keys.some((key) => ofTheUser.includes(key))) return ''
  return ' (set it in your own configuration or the environment: ~/.config/repose/config.json, REPOSE_MODEL, OPENAI_BASE_URL)'
}

/** For a union: the error of the alternative that the value resembles most. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const found = issue.errors.flat().find(({ code, path }) => path.length > 0 || code === 'unrecognized_keys')
  return found ? innermost({ ...found, path: [...issue.path, ...found.path] }) : issue
}
