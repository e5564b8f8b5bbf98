import { expect, test } from 'vitest'
import { findSecrets, redactSecrets } from '../../src/secrets/find-secrets.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'

// assembled here, so that no scanner takes this file for a leak
const GITHUB = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_')
const SLACK = ['xoxb', '123456789012', '1234567890123', 'abcdefghijklmnopqrstuvwx'].join('-')
const AWS = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYq4LmTeKEYa'].join('/')
const KEY = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEowIBAAKCAQEA7bq'.repeat(20), '-----END RSA PRIVATE KEY-----'].join(
  '\n',
)

test('secrets are found by their kind, each kind once, and never quoted', async () => {
  expect(await findSecrets(`a = '${GITHUB}'\nb = '${GITHUB}'\nc = '${SLACK}'`, 'src/a.ts')).toEqual([
    'GitHub token',
    'slack token',
  ])
  expect(await findSecrets(KEY, 'deploy.pem')).toEqual(['private key'])
})

test('code without secrets has none', async () => {
  expect(await findSecrets("const token = process.env.TOKEN ?? ''", 'src/a.ts')).toEqual([])
  expect(await findSecrets('', 'a')).toEqual([])
})

test('a file may have any name', async () => {
  for (const name of ['new\nline.ts', 'src/std::end.cpp', 'a b.npmrc'])
    expect(await findSecrets(`a ${GITHUB}`, name)).toEqual(['GitHub token'])
  await new Promise((resolve) => setTimeout(resolve, 20)) // secretlint measures behind our backs
  expect(await findSecrets('//npm.org/:_authToken=abc', 'a/.npmrc')).toEqual(['npmrc authToken'])
})

test('a text is kept but for its secrets', async () => {
  expect(await redactSecrets(`a ${GITHUB} b ${SLACK} c`)).toBe('a [GitHub token left out] b [slack token left out] c')
  expect(await redactSecrets('nothing here')).toBe('nothing here')
})

test('nothing of a secret stays, wherever its rule begins to count', async () => {
  expect(await redactSecrets(`AWS_SECRET_ACCESS_KEY = "${AWS}"  # ours`)).toBe(
    'AWS_SECRET_ACCESS_KEY = "[AWS secret access key left out]"  # ours',
  )
  expect(await redactSecrets(`secret_access_key:\n  ${AWS}\nregion: eu`)).toBe(
    'secret_access_key:\n  [AWS secret access key left out]\nregion: eu',
  )
  expect(await redactSecrets(`x ${KEY} y`)).toBe('x [private key left out] y')
})

test('a comment in the text does not switch a rule off', async () => {
  expect(await redactSecrets(`// secretlint-disable\n${GITHUB}`)).toBe('// secretlint-disable\n[GitHub token left out]')
})

test('of a file every line stays where it is', async () => {
  const secrets = secretKeeper()
  const text = `a = 1\r\n  ${KEY.replaceAll('\n', '\r\n  ')}\r\nb = '${GITHUB}'\r\n`
  const key = '[private key left out]'
  expect(await secrets.mask('a.py', text)).toBe(
    `a = 1\r\n  ${key}\r\n  ${key}\r\n  ${key}\r\nb = '[GitHub token left out]'\r\n`,
  )
  expect(await secrets.mask('b.py', 'a = 1\n')).toBe('a = 1\n')
  expect([...secrets.masked]).toEqual([['a.py', ['private key', 'GitHub token']]])
  expect(secrets.markIn(`x ${key}`)).toBe(key)
  expect(secrets.markIn('[slack token left out]')).toBe(null)
})

test('what overlaps is left out as a whole, and once', async () => {
  const account = JSON.stringify({ type: 'service_account', private_key_id: 'x', private_key: KEY }, null, 1)
  const shown = await secretKeeper().mask('account.json', account)
  expect(shown.split('\n')).toEqual(
    account.split('\n').map(() => expect.stringMatching(/^ ?\[(private key|GCP .*) left out\]$/)),
  )
})

test('a line of a known secret is left out wherever it stands', async () => {
  const secrets = secretKeeper()
  const line = KEY.split('\n')[1]!
  expect(await secrets.redact(`12-${line}`)).toContain(line)
  await secrets.mask('a.pem', KEY)
  expect(await secrets.redact(`12-${line}`)).toBe('12-[private key left out]')
  expect(await secrets.mask('a.pem', KEY.replace('BEGIN', 'BEGUN'))).not.toContain(line)
})
