import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: process.platform === 'win32' ? 90_000 : 30_000, // processes start slowly there
    hookTimeout: 60_000,
    pool: 'forks',
    globalSetup: fileURLToPath(new URL('test/helpers/shared-folder.ts', import.meta.url)),
    server: { deps: { external: [/\/dist\//] } }, // the built program, as Node loads it
    // deaf to the git configuration of whoever runs the tests
    env: {
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: fileURLToPath(new URL('test/helpers/gitconfig', import.meta.url)),
    },
    // many tests wait for git, for child processes and for timers: two cores have time for a third file
    maxWorkers: Math.max(3, availableParallelism() - 1),
  },
})
