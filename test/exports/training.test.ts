import { appendFileSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openTranscript } from '../../src/loop/transcript.ts'
import { openStore } from '../../src/store/open-store.ts'
import { fileSourceHash } from '../../src/summary/source-hash.ts'
import { copyFixture } from '../helpers/fixture-repo.ts'
import { runInProcess } from '../helpers/run-in-process.ts'

interface Line {
  readonly messages: readonly { readonly role: string; readonly content: string }[]
}

const WRITTEN = { purpose: 'Says what VAT is.', changesWith: '', watchOut: '', concepts: ['tax'], symbols: [] }

/** A shop of which a model has summarised two files. */
async function shopAfterANight() {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const store = openStore(join(shop.root, '.git/repose/repose.db'))
  const { id } = store.facts.worktree(shop.root)
  await runInProcess(['index'], { cwd: shop.root })
  for (const path of ['src/vat.ts', 'src/formatters/html.ts']) {
    const { blob, language } = store.facts.file(id, path)!
    const key = { kind: 'file', sourceHash: fileSourceHash(blob!, language!), promptVersion: 1, model: 'm' }
    store.summaries.save(path, { ...key, body: WRITTEN, writtenAt: 1 })
  }
  store.close()
  return shop
}

test('summaries and transcripts become conversations of chat fine-tuning, without secrets and places', async () => {
  const shop = await shopAfterANight()
  const transcript = openTranscript(join(shop.root, '.git/repose/transcripts'), 1)
  const call = (purpose: string, user: string, content: string) =>
    transcript.note('call', {
      purpose,
      messages: [
        { role: 'system', content: 'You edit.' },
        { role: 'user', content: user },
      ],
      reply: { stop: 'done', content },
    })
  call('open', `list of ${shop.root}/src in ${homedir()}/x, seen by /home/anna/y`, 'open 1')
  call('edit', 'shown', 'edits that were refused')
  call('repair', 'refused', 'better')
  call('add', 'more shown', '@@ edit src/a.ts')
  call('edit', `the key is npm_${'a1B2'.repeat(9)}`, 'fine')
  transcript.note('end', { stop: 'done' })
  const old = openTranscript(join(shop.root, '.git/repose/transcripts'), 3) // of a version that knew fewer secrets
  const messages = [{ role: 'user', content: `npm_${'a1B2'.repeat(9)}` }]
  const leaking = { event: 'call', purpose: 'open', messages, reply: { stop: 'done', content: 'open 3' } }
  appendFileSync(old.path, `${JSON.stringify(leaking)}\n{"event": "end", "stop": "done"}\n{"event": "ca`)
  const unfinished = openTranscript(join(shop.root, '.git/repose/transcripts'), 2)
  unfinished.note('call', { purpose: 'open', messages: [], reply: { stop: 'done', content: 'open 9' } })

  const first = await runInProcess(['export', 'training'], { cwd: shop.root })
  const lines = first.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  for (const { messages } of lines) {
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant'])
    expect(messages.every(({ content }) => content !== '')).toBe(true)
  }
  const said = lines.map(({ messages }) => messages.map(({ content }) => content))
  expect(said[0]).toEqual(['You edit.', 'list of ./src in ~/x, seen by ~/y', 'open 1'])
  expect(said[1]).toEqual(['You edit.', 'more shown', '@@ edit src/a.ts'])
  expect(first.stdout).not.toMatch(/refused|open 9|open 3|a1B2/)
  expect(said).toHaveLength(5)
  expect(said[4]![1]).toMatch(/^The file is written in typescript\. [\s\S]*export function /)
  expect(JSON.parse(said[4]![2]!)).toEqual(WRITTEN)
  expect((await runInProcess(['export', 'training'], { cwd: shop.root })).stdout).toBe(first.stdout)

  const written = await runInProcess(['export', 'training', '--write', 'train.jsonl', '--json'], { cwd: shop.root })
  expect(JSON.parse(written.stdout)).toMatchObject({
    file: 'train.jsonl',
    state: 'written',
    examples: { choice: 1, edits: 2, summary: 2 },
    withheld: 1,
  })
  expect(readFileSync(join(shop.root, 'train.jsonl'), 'utf8')).toBe(first.stdout)
})

test('summaries of another state of a file, and those that no model wrote, teach nothing', async () => {
  const shop = await shopAfterANight()
  await shop.write('src/vat.ts', '/** Other. */\nexport const other = 1\n')
  const { stdout } = await runInProcess(['export', 'training'], { cwd: shop.root })
  expect(stdout).not.toContain('export const other')
  const store = openStore(join(shop.root, '.git/repose/repose.db'))
  store.db.run("UPDATE summary SET model = 'none' WHERE kind = 'file'")
  store.close()
  const none = await runInProcess(['export', 'training'], { cwd: shop.root })
  expect(none).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('nothing to learn from yet') })
})

test('lines of a transcript that repose did not write are left out, whatever they hold', async () => {
  const shop = await copyFixture('bookshop-ts', { indexed: true })
  onTestFinished(() => shop.dispose())
  const { path } = openTranscript(join(shop.root, '.git/repose/transcripts'), 1)
  const [messages, reply] = [[{ role: 'user', content: 'x' }], { stop: 'done', content: 'open 1' }]
  const odd = [
    { messages: [null], reply },
    { messages: [7, { role: {}, content: 'x' }], reply },
    { messages, reply: { stop: 'done', content: 7 } },
    { messages, reply, purpose: { toString: 1 } },
  ]
  const lines = [
    ...[...odd, { messages, reply: { stop: 'done', content: 'open 2' } }].map((one) => ({
      event: 'call',
      purpose: 'open',
      ...one,
    })),
    null,
    7,
    [],
    { event: 'end', stop: 'done' },
  ]
  appendFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const { stdout } = await runInProcess(['export', 'training'], { cwd: shop.root })
  expect(stdout.trimEnd().split('\n')).toEqual([expect.stringContaining('open 2')])
})
