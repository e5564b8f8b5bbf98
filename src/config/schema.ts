import * as z from 'zod'
import { AMOUNT, parseAmount } from './amount.ts'
import { DEFAULTS } from './defaults.ts'

/** A number, or text that parseAmount() reads: 30000, "30_000", "30k", "1.5M". */
function amount(least = 0) {
  return read(z.number().min(least), `a number from ${least} up`)
}

/** A whole number, written like amount(). */
function wholeAmount(least = 0) {
  return read(z.int().min(least), `a whole number from ${least} up`)
}

function read<Of extends z.ZodType<number, number>>(number: Of, words: string) {
  const text = z
    .string()
    .regex(AMOUNT)
    .transform((written) => parseAmount(written)!)
  const error = `${words} is wanted, such as 30000, "30_000", "30k" or "1.5M"`
  return z.union([number, text.pipe(number)], { error })
}

const PRICE = z.strictObject({
  inputPerMillion: amount(),
  cachedPerMillion: amount().optional(),
  outputPerMillion: amount(),
})

const PATTERNS = z.array(z.string().min(1).max(1000)).max(1000)
const COMMANDS = z.array(z.string().min(1))

/** Checks as a list of commands or as an object with the list. Both are parsed into the object. */
function listOr<Read extends object>(checks: z.ZodType<Read>) {
  return z.union([checks, COMMANDS.transform((commands) => checks.parse({ commands }))]).prefault([...DEFAULTS.checks])
}

const SHARED = {
  $schema: z.string().optional(),
  packTokens: wholeAmount().prefault(DEFAULTS.packTokens).describe('Token budget of a pack.'),
  checks: listOr(z.strictObject({ commands: COMMANDS })).describe(
    'Commands that must pass after an edit, run in this order.',
  ),
  checkTimeoutMs: wholeAmount(1).prefault(DEFAULTS.checkTimeoutMs),
  include: PATTERNS.default([...DEFAULTS.include]).describe(
    'Paths to read although repose leaves them out, as rules of a .gitignore; not what git ignores, and nothing above maxFileBytes.',
  ),
  exclude: PATTERNS.default([...DEFAULTS.exclude]).describe(
    'Paths to leave out, as rules of a .gitignore; they count before `include`.',
  ),
  maxFileBytes: wholeAmount(1).prefault(DEFAULTS.maxFileBytes).describe('Larger files are left out.'),
  maxCommits: wholeAmount().prefault(DEFAULTS.maxCommits).describe('How many past commits count.'),
  sleep: z
    .strictObject({
      budgetTokens: wholeAmount()
        .optional()
        .describe('Tokens that one pass may use, input and output together, such as "300k".'),
      maxUsd: amount().optional().describe('US dollars that one pass may spend, such as 0.5.'),
      concurrency: z.int().min(1).max(64).default(DEFAULTS.sleep.concurrency),
    })
    .prefault({}),
}

/**
 * What a repository may configure; merge-files.ts defines how each key is merged. There is no endpoint and no model: a cloned repository
 * must not choose where code and keys are sent or what is paid.
 */
export const REPOSITORY_CONFIG = z.strictObject(SHARED)

const HOURS = z
  .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, "hours are written '22:00-06:30'"))
  .default([])

/** When the daemon may work, and how it watches files. */
const WATCH = z
  .strictObject({
    shortMinutes: amount()
      .prefault(DEFAULTS.watch.shortMinutes)
      .describe('Minutes without a change before a short pass.'),
    longMinutes: amount().prefault(DEFAULTS.watch.longMinutes).describe('Minutes without a change before a long pass.'),
    shortTokens: wholeAmount()
      .prefault(DEFAULTS.watch.shortTokens)
      .describe('Largest number of tokens of a short pass.'),
    quietHours: HOURS.describe('No passes within these hours, local time, such as "22:00-06:30".'),
    allowedHours: HOURS.describe('Passes only within these hours; empty: at any time.'),
    maxLoad: amount().prefault(DEFAULTS.watch.maxLoad).describe('No pass begins while the load per core is higher.'),
    onBattery: z.boolean().default(DEFAULTS.watch.onBattery).describe('Run passes on battery too.'),
    notify: z.boolean().default(DEFAULTS.watch.notify).describe('Show a desktop notification after a long pass.'),
    how: z
      .enum(['auto', 'files', 'folders', 'poll'])
      .default(DEFAULTS.watch.how)
      .describe('What is watched: files, folders, or neither (git is polled).'),
    maxFiles: wholeAmount().prefault(DEFAULTS.watch.maxFiles).describe('If there are more files, folders are watched.'),
  })
  .prefault({})

/** What the daemon may spend per repository while nobody watches it. It calls no model without a daily or monthly cap. */
const CAPS = z
  .strictObject({
    passTokens: wholeAmount().optional().describe('Tokens, input and output together, such as "100k".'),
    passUsd: amount().optional().describe('US dollars, such as 0.2.'),
    dayTokens: wholeAmount().optional().describe('Such as "500k".'),
    dayUsd: amount().optional(),
    monthTokens: wholeAmount().optional(),
    monthUsd: amount().optional(),
  })
  .prefault({})

/** Drafting turns requests from outside into code, so only the user decides about it. */
const BACKLOG = z
  .strictObject({
    draft: z.boolean().default(DEFAULTS.backlog.draft).describe('Passes draft waiting requests, within a cap.'),
    trustedAuthors: z
      .array(z.string().min(1).max(100))
      .max(1000)
      .default([...DEFAULTS.backlog.trustedAuthors])
      .describe('Logins whose issues may be drafted without your approval, yours among them.'),
    drafts: z.int().min(1).max(5).default(DEFAULTS.backlog.drafts).describe('Most drafts of one request.'),
    forecasts: z
      .boolean()
      .default(DEFAULTS.backlog.forecasts)
      .describe('Passes ask for requests that are likely to come, once a week.'),
  })
  .prefault({})

/** Where repose push and repose pull keep what a team shares. */
const STORE = z
  .strictObject({
    ref: z
      .string()
      .max(200)
      .regex(/^refs\/(?:[\w-]+\/)+[\w-]+$/, "is a whole name such as 'refs/heads/repose-store'")
      .default(DEFAULTS.store.ref)
      .describe('A ref of the remote; a branch if the remote takes no others.'),
  })
  .prefault({})

/** Only the user decides what checks may do: they run code that a model wrote. */
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
    .describe('Memory that all processes of a check may use together; default: three quarters of the memory.'),
  processes: z
    .int()
    .min(16)
    .optional()
    .describe('Processes and threads that a check may have at once; default: 4,096.'),
}

export const USER_CONFIG = z.strictObject({
  ...SHARED,
  model: z.string().min(1).optional().describe('Model of the feature agent, as the endpoint names it.'),
  sleepModel: z.string().min(1).optional().describe('Model of the sleep pass; default: `model`.'),
  checks: listOr(z.strictObject({ commands: COMMANDS.optional(), ...CAGE })).describe(
    'Commands that must pass after an edit, and what they may do.',
  ),
  baseUrl: z.url().optional().describe('OpenAI-compatible endpoint.'),
  timeoutMs: wholeAmount(1)
    .prefault(DEFAULTS.timeoutMs)
    .describe('Longest wait for a reply; more than 300,000 helps only with `stream`.'),
  stream: z.boolean().default(DEFAULTS.stream).describe('Ask for streamed replies, for endpoints that only stream.'),
  serviceTier: z
    .literal('flex')
    .optional()
    .describe('Cheaper and slower calls for sleep passes, if the endpoint offers them.'),
  // only for the user: a cloned repository must not decide when this machine works, how much it spends, or what that costs
  watch: WATCH,
  caps: CAPS,
  backlog: BACKLOG,
  store: STORE,
  prices: z
    .record(z.string(), PRICE)
    .default({})
    .describe('US$ per million tokens, for models whose price repose does not know.'),
  repositories: z.array(z.string().min(1)).default([]).describe('Folders that `repose watch --all` serves.'),
})

/** JSON schema of repose.config.json, for editors: shipped as repose.schema.json. */
export function configSchema(): object {
  return z.toJSONSchema(REPOSITORY_CONFIG, { io: 'input' })
}

/** JSON schema of the user's configuration. */
export function userSchema(): object {
  return z.toJSONSchema(USER_CONFIG, { io: 'input' })
}
