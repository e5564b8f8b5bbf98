import type { Environment } from './job.ts'

/** How a job of GitHub Actions pushes with its token, as actions/checkout does it; null: git has its own way. */
export function pushHeader(env: Environment): { readonly server: string; readonly header: string } | null {
  const { GITHUB_ACTIONS, GITHUB_TOKEN, GITHUB_SERVER_URL: server = 'https://github.com' } = env
  if (GITHUB_ACTIONS !== 'true' || !GITHUB_TOKEN) return null
  const login = Buffer.from(`x-access-token:${GITHUB_TOKEN}`).toString('base64')
  return { server, header: `AUTHORIZATION: basic ${login}` }
}
