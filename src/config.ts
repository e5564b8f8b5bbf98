import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { UserError } from './errors.ts'

export const CONFIG_FILE = 'repose.config.json'

const PRICE = z.strictObject({
  inputPerMillion: z.number().min(0),
  cachedPerMillion: z.number().min(0).optional(),
  outputPerMillion: z.number().min(0),
})

const SHARED = {
  $schema: z.string().optional(),
  model: z.string().min(1).optional().describe('Model of the feature agent, as the endpoint names it.'),
  sleepModel: z.string().min(1).optional().describe('Model of the sleep pass; the same one where absent.'),
  packTokens: z.int().min(0).default(4000).describe('Token budget of a pack.'),
  checks: z.array(z.string().min(1)).default([]).describe('Commands that must pass after an edit, run in this order.'),
  checkTimeoutMs: z.int().min(1).default(300_000),
  maxFileBytes: z.int().min(1).default(1_000_000).describe('Larger files are left out.'),
  maxCommits: z.int().min(0).default(5000).describe('How many past commits count.'),
  sleep: z
    .strictObject({
      budgetTokens: z.int().min(0).optional().describe('Tokens that one pass may use, input and output together.'),
      maxUsd: z.number().min(0).optional(),
      concurrency: z.int().min(1).max(64).default(4),
    })
    .prefault({}),
  prices: z
    .record(z.string(), PRICE)
    .default({})
    .describe('US$ per million tokens of models that repose does not know.'),
}

/** What a repository may say of itself. No endpoint: a cloned repository must not choose where code and key are sent. */
export const REPOSITORY_CONFIG = z.strictObject(SHARED)

const USER_CONFIG = z.strictObject({
  ...SHARED,
  baseUrl: z.url().optional().describe('OpenAI-compatible endpoint.'),
  stream: z.boolean().default(false).describe('For endpoints that only stream.'),
  serviceTier: z
    .literal('flex')
    .optional()
    .describe('Cheaper, slower calls for sleep passes, where the endpoint has them.'),
})

export type Config = z.infer<typeof USER_CONFIG> & { readonly apiKey?: string; readonly db?: string }

/** Flags that every command takes; they win over everything. */
export interface ConfigFlags {
  readonly model?: string
  readonly db?: string
}

/**
 * Flags over environment over repose.config.json over ~/.config/repose/config.json over defaults.
 * root: top folder of the repository. Throws UserError for a file that is no JSON or has an unknown or wrong key.
 */
export function readConfig(root: string, flags: ConfigFlags = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const userFile = join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'repose', 'config.json')
  const user = readFile(userFile, USER_CONFIG)
  const repository = readFile(join(root, CONFIG_FILE), REPOSITORY_CONFIG)
  const baseUrl = env.OPENAI_BASE_URL || env.OPENAI_API_BASE
  const merged = USER_CONFIG.parse({
    ...user,
    ...repository,
    ...(env.REPOSE_MODEL ? { model: env.REPOSE_MODEL } : {}),
    ...(env.REPOSE_SLEEP_MODEL ? { sleepModel: env.REPOSE_SLEEP_MODEL } : {}),
    ...(baseUrl ? { baseUrl } : {}),
    ...(flags.model ? { model: flags.model, sleepModel: flags.model } : {}),
  })
  const db = flags.db ?? env.REPOSE_DB
  return { ...merged, ...(env.OPENAI_API_KEY ? { apiKey: env.OPENAI_API_KEY } : {}), ...(db ? { db } : {}) }
}

/** JSON schema of repose.config.json, for editors: shipped as repose.schema.json. */
export function configSchema(): object {
  return z.toJSONSchema(REPOSITORY_CONFIG, { io: 'input' })
}

function readFile(path: string, schema: z.ZodType): object {
  if (!existsSync(path)) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UserError(
      `${path} is not JSON (${(error as Error).message})`,
      'correct it, or delete it to use the defaults',
    )
  }
  const result = schema.safeParse(value)
  if (!result.success)
    throw new UserError(`${path}: ${describe(result.error)}`, 'repose init --print shows every key with its default')
  return value as object
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0]!
  const at = issue.path.length > 0 ? `"${issue.path.join('.')}": ` : ''
  if (issue.code !== 'unrecognized_keys') return `${at}${issue.message}`
  const hint =
    issue.keys.includes('baseUrl') || issue.keys.includes('apiKey')
      ? ' (an endpoint belongs in OPENAI_BASE_URL or the user configuration, a key in OPENAI_API_KEY)'
      : ''
  return `${at}unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}${hint}`
}
