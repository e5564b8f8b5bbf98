import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { offlineEnvironment } from '../../src/processes/offline-environment.ts'

test('a process that reaches no host gets all but the certificates that Node would read at its start', () => {
  const env = offlineEnvironment({ ...process.env, NODE_EXTRA_CA_CERTS: '/etc/certificates.pem', REPOSE_DB: '/x.db' })
  const seen = execFileSync(process.execPath, ['-p', 'JSON.stringify(process.env)'], { env, encoding: 'utf8' })
  expect(JSON.parse(seen)).toEqual({ ...process.env, REPOSE_DB: '/x.db' })
})
