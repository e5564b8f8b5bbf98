import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyEdits, type EditTools } from '../../src/edit/apply-edits.ts'
import { cutOut } from '../../src/secrets/secret.ts'
import { type SecretKeeper, secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { Edit } from '../../src/types.ts'
import { isWindows } from '../helpers/platform.ts'
import { makeUp } from '../secrets/make-up.ts'
import { folderWith, messages, text, tools } from './edit-fixture.ts'
import { realTools } from './real-tools.ts'

const TOKEN = makeUp('ghp_{an:36}')
const PASSWORD = makeUp('{pw:8}7q')
const PEM = makeUp(
  '-----BEGIN RSA PRIVATE KEY-----\n{b64:64}\n{b64:64}\n{b64:64}\n{b64:20}==\n-----END RSA PRIVATE KEY-----',
)
const DEPLOY = `registry: example\ngithub_token: ${TOKEN}\npassword: ${PASSWORD}\nlast: 1\n`

const place = (files: Readonly<Record<string, string>>) => {
  const secrets = secretKeeper()
  return { root: folderWith(files), secrets, own: { ...tools, secrets } satisfies EditTools }
}
const replace = (path: string, find: string, replacement: string, every = false): Edit =>
  ({ kind: 'replace', path, find, replacement, ...(every && { every }) }) as Edit

async function expectHidden(
  { mask, secretsInOutput }: SecretKeeper,
  path: string,
  raw: string,
  parts: readonly string[],
) {
  const printed = `FAIL ${raw} at 1`
  for (const shown of [await mask(path, raw), cutOut(printed, await secretsInOutput(printed))])
    for (const part of parts) expect(shown).not.toContain(part)
}

test('a part of a secret does not occur, in the words for any text that does not', async () => {
  const { root, own } = place({ 'deploy.yaml': DEPLOY })
  const parts = [TOKEN.slice(0, 4), TOKEN.slice(4, 9), PASSWORD.slice(1, 6), `${TOKEN}\npass`, `token: ${TOKEN[0]}`]
  for (const find of [...parts, TOKEN, `password: ${PASSWORD}`, 'zzz']) {
    const [message] = await messages(root, [replace('deploy.yaml', find, 'x')], own)
    expect(message).toContain('0 deploy.yaml: find text does not occur in deploy.yaml')
    expect(message).not.toContain(TOKEN.slice(4, 12))
  }
})

test('what an edit is answered is the same for any secret', async () => {
  const answers = await Promise.all(
    ['1', '2'].map(async (seed) => {
      const token = makeUp('ghp_{an:36}', seed)
      const source = `import a from "a"\nconst token = "${token}"\nconst b = 1\n`
      const secrets = secretKeeper()
      const root = folderWith({ 'a.ts': source, 'key.txt': `${makeUp(PEM_EXAMPLE, seed)}\nlast line\n` })
      const own = {
        ...realTools(root),
        secrets,
        visible: async (p: string, t: string) => (await secrets.mask(p, t)).split('\n'),
      }
      const edits: Edit[] = [
        replace('a.ts', makeUp('ghp_{an:36}', '1').slice(0, 7), 'x'),
        replace('a.ts', makeUp('ghp_{an:36}', '1').slice(7, 9), 'x'),
        replace('a.ts', 'const token = "', 'const token = x"'),
        replace('a.ts', 'token = "', 'token = "\\x'),
        { kind: 'import', path: 'a.ts', text: `const token = "${makeUp('ghp_{an:36}', '1')}"` },
        { kind: 'symbol', path: 'a.ts', symbol: 'tokens', where: 'delete', text: '' },
        replace('key.txt', makeUp(PEM_EXAMPLE, '1').slice(40, 50), 'x'),
        replace('key.txt', '\n', '', true),
        replace('key.txt', 'last lime', 'x'),
      ]
      const each: unknown[] = []
      for (const edit of edits) each.push(await applyEdits(root, [edit], own))
      return { each, shown: await secrets.mask('a.ts', text(root, 'a.ts')) }
    }),
  )
  expect(answers[0]).toEqual(answers[1])
})
const PEM_EXAMPLE = '-----BEGIN RSA PRIVATE KEY-----\n{b64:64}\n{b64:64}\n{b64:20}==\n-----END RSA PRIVATE KEY-----'

test('replace-all of a letter, a line break or a blank changes what is around secrets', async () => {
  const { root, own, secrets } = place({ 'deploy.yaml': DEPLOY, 'key.pem': `about\n${PEM}\nthe end\n` })
  const edits = [...'eabLx\n '].flatMap((letter) => [
    replace('deploy.yaml', letter, `${letter}|`, true),
    replace('key.pem', letter, `${letter}|`, true),
  ])
  for (const edit of edits) await applyEdits(root, [edit], own)
  const [deploy, key] = [text(root, 'deploy.yaml'), text(root, 'key.pem')]
  expect(deploy).toContain(TOKEN)
  expect(deploy).toContain(PASSWORD)
  expect(deploy).toContain('re|gistry:')
  expect(key).toContain(PEM)
  expect(key).toContain('the| |e|nd')
  await expectHidden(secrets, 'deploy.yaml', deploy, [TOKEN.slice(4), PASSWORD])
  await expectHidden(secrets, 'key.pem', key, PEM.split('\n').slice(1, -1))
})

test('a secret stays hidden when the name around it or the path of its file changes, though nobody has seen it', async () => {
  const { root, own, secrets } = place({ 'deploy.yaml': DEPLOY, 'key.pem': `${PEM}\n` })
  const name = replace('deploy.yaml', 'password: ', 'word: ')
  const second = [replace('deploy.yaml', 'github_token: ', 'note x'), replace('deploy.yaml', 'xgh', 'x gh')]
  expect(await messages(root, [name, ...second], own)).toEqual([
    expect.stringContaining('find text does not occur in deploy.yaml'),
  ])
  const moved: Edit = { kind: 'rename', path: 'deploy.yaml', to: 'notes.txt' }
  expect(await applyEdits(root, [name, second[0]!, moved], own)).toMatchObject({ ok: true })
  expect(await applyEdits(root, [{ kind: 'rename', path: 'notes.txt', to: 'a/b.txt' }], own)).toMatchObject({
    ok: true,
  })
  expect(await applyEdits(root, [{ kind: 'rename', path: 'key.pem', to: 'key.txt' }], own)).toMatchObject({ ok: true })
  const raw = text(root, 'a/b.txt')
  expect(raw).toContain(`word: ${PASSWORD}`)
  await expectHidden(secrets, 'a/b.txt', raw, [TOKEN.slice(4), PASSWORD])
  await expectHidden(secrets, 'link.txt', raw, [TOKEN.slice(4), PASSWORD])
  expect(await secrets.mask('a/b.txt', raw.replaceAll('\n', '\r\n'))).not.toContain(PASSWORD)
  expect(await messages(root, [replace('a/b.txt', PASSWORD.slice(0, 3), 'x')], own)).toEqual([
    expect.stringContaining('find text does not occur'),
  ])
  for (const line of PEM.split('\n').slice(1, -1)) expect(await secrets.redact(`got ${line} here`)).not.toContain(line)
})

test('a definition that covers a whole secret can be replaced and deleted', async () => {
  const { root, own } = place({
    'a.ts': `const token = "${TOKEN}";\nconst b = 1;\n`,
    'k.ts': `const key = \`${PEM}\`;\n`,
  })
  const put = {
    kind: 'symbol',
    path: 'a.ts',
    symbol: 'token',
    where: 'replace',
    text: 'const token = env.TOKEN;',
  } as Edit
  expect(await applyEdits(root, [put], own)).toMatchObject({ ok: true })
  expect(text(root, 'a.ts')).toBe('const token = env.TOKEN;\nconst b = 1;\n')
  const gone: Edit = { kind: 'symbol', path: 'k.ts', symbol: 'key', where: 'delete', text: '' }
  expect(await applyEdits(root, [gone], own)).toMatchObject({ ok: true })
  expect(text(root, 'k.ts')).toBe('')
})

test('a line that was shown cut goes with the secret in its hidden part, or stays with it', async () => {
  const long = `const a = "${'x'.repeat(120)}"; const token = "${TOKEN}";`
  const { root, own } = place({ 'a.ts': `${long}\nconst b = 1;\n` })
  const shown = long.slice(0, 110)
  expect(await messages(root, [replace('a.ts', `${long.slice(0, 160)} [cut]`, '')], own)).not.toEqual(['(no problem)'])
  expect(await applyEdits(root, [replace('a.ts', `${shown} [cut]`, `${shown}y [cut]`)], own)).toMatchObject({
    ok: true,
  })
  expect(text(root, 'a.ts')).toBe(`${shown}y${long.slice(110)}\nconst b = 1;\n`)
})

test('lines are told by their numbers in the file, and line endings stay as they are', async () => {
  const file = `about\n${PEM}\ntwice\ntwice\nthe end of it\n`.replaceAll('\n', '\r\n')
  const { root, own } = place({ 'key.txt': file })
  expect(await messages(root, [replace('key.txt', 'twice', 'x')], own)).toEqual([
    expect.stringContaining('occurs 2 times in key.txt (lines 8, 9)'),
  ])
  expect(await messages(root, [replace('key.txt', 'the end of if', 'x')], own)).toEqual([
    expect.stringContaining('the closest place is line 10:\nthe end of it'),
  ])
  expect(await applyEdits(root, [replace('key.txt', 'the end', 'no end')], own)).toMatchObject({ ok: true })
  expect(text(root, 'key.txt')).toBe(file.replace('the end', 'no end'))
})

test('what the model has written itself is no secret to it', async () => {
  const { root, own, secrets } = place({ 'a.yaml': 'user: bob\n' })
  const made = `password: ${PASSWORD}x\n`
  await applyEdits(root, [{ kind: 'create', path: 'b.yaml', text: made }, replace('a.yaml', 'user: bob', made)], own)
  await secrets.mask('b.yaml', made)
  const changed = [replace('b.yaml', `${PASSWORD}x`, 'y'), replace('a.yaml', PASSWORD.slice(2), 'y')]
  expect(await applyEdits(root, changed, own)).toMatchObject({ ok: true, modified: ['a.yaml', 'b.yaml'] })
})

test('signs for secrets are free characters; without any, a file with secrets is not edited', async () => {
  const all = String.fromCharCode(...Array.from({ length: 6400 }, (_, i) => 0xe000 + i))
  const { root, own } = place({ 'icons.yaml': `${DEPLOY}icons: ${all.slice(0, 6000)}\n`, 'a.txt': 'text' })
  expect(await applyEdits(root, [replace('icons.yaml', 'last: 1', `last: ${all.slice(10, 20)}`)], own)).toMatchObject({
    ok: true,
  })
  expect(text(root, 'icons.yaml')).toContain(`github_token: ${TOKEN}\n`)
  expect(await messages(root, [replace('icons.yaml', 'last', all)], own)).toEqual([
    expect.stringContaining('icons.yaml holds too many secrets, or too many characters of the private use area'),
  ])
  expect(await applyEdits(root, [replace('a.txt', 'text', all)], own)).toMatchObject({ ok: true })
})

test.skipIf(isWindows)('a file that is edited through a linked folder stays hidden under both paths', async () => {
  const { root, own, secrets } = place({ 'real/deploy.yaml': DEPLOY })
  symlinkSync('real', join(root, 'linked'))
  expect(await applyEdits(root, [replace('linked/deploy.yaml', 'password', 'word')], own)).toMatchObject({ ok: true })
  const raw = text(root, 'real/deploy.yaml')
  for (const path of ['real/deploy.yaml', 'linked/deploy.yaml'])
    expect(await secrets.mask(path, raw)).not.toContain(PASSWORD)
})
