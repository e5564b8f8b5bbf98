import * as z from 'zod'
import { DEFAULTS } from './config-defaults.ts'

const PRICE = z.strictObject({
  inputPerMillion: z.number().min(0),
  cachedPerMillion: z.number().min(0).optional(),
  outputPerMillion: z.number().min(0),
})

const COMMANDS = z.array(z.string().min(1))

const SHARED = {
  $schema: z.string().optional(),
  model: z.string().min(1).optional().describe('Model of the feature agent, as the endpoint names it.'),
  sleepModel: z.string().min(1).optional().describe('Model of the sleep pass; the same one where absent.'),
  packTokens: z.int().min(0).default(DEFAULTS.packTokens).describe('Token budget of a pack.'),
  checks: z
    .union([COMMANDS, z.strictObject({ commands: COMMANDS })])
    .default([...DEFAULTS.checks])
    .describe('Commands that must pass after an edit, run in this order.'),
  checkTimeoutMs: z.int().min(1).default(DEFAULTS.checkTimeoutMs),
  maxFileBytes: z.int().min(1).default(DEFAULTS.maxFileBytes).describe('Larger files are left out.'),
  maxCommits: z.int().min(0).default(DEFAULTS.maxCommits).describe('How many past commits count.'),
  sleep: z
    .strictObject({
      budgetTokens: z.int().min(0).optional().describe('Tokens that one pass may use, input and output together.'),
      maxUsd: z.number().min(0).optional(),
      concurrency: z.int().min(1).max(64).default(DEFAULTS.sleep.concurrency),
      learnSeconds: z
        .number()
        .min(0)
        .default(DEFAULTS.sleep.learnSeconds)
        .describe('Time for learning from past features, after the summaries; 0: none.'),
    })
    .prefault({}),
}

/** What a repository may say of itself. No endpoint: a cloned repository must not choose where code and key are sent. */
export const REPOSITORY_CONFIG = z.strictObject(SHARED)

const HOURS = z
  .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, "hours are written '22:00-06:30'"))
  .default([])

/** When the daemon may work, and how it watches. */
const WATCH = z
  .strictObject({
    shortMinutes: z.number().min(0).default(DEFAULTS.watch.shortMinutes).describe('Rest before a short pass.'),
    longMinutes: z.number().min(0).default(DEFAULTS.watch.longMinutes).describe('Rest before a long pass.'),
    shortTokens: z.int().min(0).default(DEFAULTS.watch.shortTokens).describe('Tokens of a short pass, at most.'),
    quietHours: HOURS.describe('No thinking within these hours, local time.'),
    allowedHours: HOURS.describe('Thinking only within these hours; none: at any time.'),
    maxLoad: z.number().min(0).default(DEFAULTS.watch.maxLoad).describe('Load a core above which no pass begins.'),
    onBattery: z.boolean().default(DEFAULTS.watch.onBattery).describe('Think on battery too.'),
    notify: z.boolean().default(DEFAULTS.watch.notify).describe('A desktop notification after a long pass.'),
    how: z.enum(['auto', 'files', 'folders', 'poll']).default(DEFAULTS.watch.how).describe('What is watched.'),
    maxFiles: z.int().min(0).default(DEFAULTS.watch.maxFiles).describe('With more files, folders are watched.'),
  })
  .prefault({})

/** What the daemon may spend of each repository while nobody looks. It asks no model without a cap for a day or a month. */
const CAPS = z
  .strictObject({
    passTokens: z.int().min(0).optional().describe('Tokens, input and output together.'),
    passUsd: z.number().min(0).optional(),
    dayTokens: z.int().min(0).optional(),
    dayUsd: z.number().min(0).optional(),
    monthTokens: z.int().min(0).optional(),
    monthUsd: z.number().min(0).optional(),
  })
  .prefault({})

/** What checks may do is the user's alone: they run code that a model wrote. */
const CAGE = {
  network: z.boolean().default(DEFAULTS.cage.network).describe('Checks may use the network.'),
  uncaged: z.boolean().default(DEFAULTS.cage.uncaged).describe('Checks run with your rights, outside any cage.'),
  readable: z
    .array(z.string().regex(/^(~?\/|[A-Za-z]:[\\/])/, "begins with '/' or '~/'"))
    .default([...DEFAULTS.cage.readable])
    .describe('Files and folders that checks may read as well.'),
  env: z
    .array(z.string().regex(/^\w+$/, 'is the name of a variable'))
    .default([...DEFAULTS.cage.env])
    .describe('Environment variables that checks get as well.'),
  memoryMb: z
    .int()
    .min(64)
    .optional()
    .describe('Memory that all processes of a check may use together; three quarters of what there is where absent.'),
  processes: z
    .int()
    .min(16)
    .optional()
    .describe('Processes and threads that a check may have at once; 4,096 where absent.'),
}

export const USER_CONFIG = z.strictObject({
  ...SHARED,
  checks: z
    .union([COMMANDS, z.strictObject({ commands: COMMANDS.optional(), ...CAGE })])
    .default([...DEFAULTS.checks])
    .describe('Commands that must pass after an edit, and what they may do.'),
  baseUrl: z.url().optional().describe('OpenAI-compatible endpoint.'),
  timeoutMs: z
    .int()
    .min(1)
    .default(DEFAULTS.timeoutMs)
    .describe('Longest wait for a reply; above 300,000 only with stream.'),
  stream: z.boolean().default(DEFAULTS.stream).describe('For endpoints that only stream.'),
  serviceTier: z
    .literal('flex')
    .optional()
    .describe('Cheaper, slower calls for sleep passes, where the endpoint has them.'),
  // the user's alone: a cloned repository must not say when this machine works, what it may spend, and what that costs
  watch: WATCH,
  caps: CAPS,
  prices: z
    .record(z.string(), PRICE)
    .default({})
    .describe('US$ per million tokens of models that repose does not know.'),
  repositories: z.array(z.string().min(1)).default([]).describe('Folders that `repose watch --all` serves.'),
})

/** JSON schema of repose.config.json, for editors: shipped as repose.schema.json. */
export function configSchema(): object {
  return z.toJSONSchema(REPOSITORY_CONFIG, { io: 'input' })
}

/** The same of the user's configuration. */
export function userSchema(): object {
  return z.toJSONSchema(USER_CONFIG, { io: 'input' })
}
