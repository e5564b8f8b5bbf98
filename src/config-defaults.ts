/** What holds where nothing is said. */
export const DEFAULTS = {
  packTokens: 4000,
  checks: [],
  checkTimeoutMs: 300_000,
  maxFileBytes: 1_000_000,
  maxCommits: 5000,
  sleep: { concurrency: 4, learnSeconds: 60 },
  prices: {},
  timeoutMs: 300_000,
  stream: false,
} as const
