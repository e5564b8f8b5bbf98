/** Values of settings that nobody set. */
export const DEFAULTS = {
  packTokens: 2000,
  checks: [],
  cage: { network: false, uncaged: false, readable: [], env: [] },
  checkTimeoutMs: 300_000,
  include: [],
  exclude: [],
  maxFileBytes: 1_000_000,
  maxCommits: 3000,
  sleep: { concurrency: 4 },
  prices: {},
  timeoutMs: 300_000,
  stream: false,
  repositories: [],
  caps: {},
  store: { ref: 'refs/repose/store' },
  backlog: { draft: false, trustedAuthors: [], drafts: 1, forecasts: false },
  watch: {
    shortMinutes: 3,
    longMinutes: 30,
    shortTokens: 30_000,
    quietHours: [],
    allowedHours: [],
    maxLoad: 0.7,
    onBattery: false,
    notify: false,
    how: 'auto',
    maxFiles: 3000,
  },
} as const

/** Tokens of one run of the agent, if nobody set a limit. */
export const RUN_TOKENS = 400_000
