import { ownEnvironment } from './own-environment.ts'

/**
 * The environment of this process, for a process of repose that reaches no host. Node reads the certificates that NODE_EXTRA_CA_CERTS names
 * whenever it starts, which takes longer than all else of a start (40 ms).
 */
export function offlineEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = ownEnvironment(env)
  return rest
}
