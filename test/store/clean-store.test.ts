import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Exactly } from '../../src/store/clean-parameters.ts'
import { openDb } from '../../src/store/db.ts'
import { openStore } from '../../src/store/open-store.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'
import { makeUp } from '../secrets/make-up.ts'

const TOKEN = makeUp('ghp_{an:36}', 'stored')
const PASSWORD = makeUp('{pw:14}', 'stored')
const raw = (text: string) => new Exactly(text)
const bytesOf = (path: string) => ['', '-wal'].map((end) => readIfThere(path + end)).join('')

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

test('what is written is without secrets, whoever writes; JSON stays JSON', () => {
  const store = openStore(join(scratchFolder(), 'repose.db'))
  const id = store.ledger.startRequest(1, 'implement', `Use ${TOKEN}`, [`src/${TOKEN}.ts`])
  store.ledger.endRequest(id, 'done', [`search "password": "${PASSWORD}"`], ['src/a.ts'])
  expect(store.ledger.requests(1)[0]!.text).toBe('Use [GitHub token left out]')
  const [request] = store.ledger.implemented(1)
  expect(request).toEqual({
    text: 'Use [GitHub token left out]',
    packed: ['src/[GitHub token left out].ts'],
    opened: ['search "password": "[password left out]"'],
    changed: ['src/a.ts'],
  })
  store.summaries.save('src/a.ts', {
    ...{ kind: 'file', sourceHash: 'x', promptVersion: 1, model: 'm', writtenAt: 1 },
    body: { purpose: `holds "${TOKEN}"` },
  })
  expect(store.summaries.latest('src/a.ts', 'file')!.body).toEqual({ purpose: 'holds "[GitHub token left out]"' })
  store.close()
})

test('a database of an earlier version is cleaned when it is opened, to its last byte', () => {
  const path = join(scratchFolder(), 'repose.db')
  openStore(path).close()
  const old = openDb(path)
  old.run('INSERT INTO worktree (root, listing, history) VALUES (?, ?, ?)', raw('/r'), 'x', 'y')
  old.run("INSERT INTO request (asked_at, command, text) VALUES (1, 'implement', ?)", raw(`Add ${TOKEN}`))
  old.run("INSERT INTO pass (started_at, model, notes) VALUES (1, 'm', ?)", raw(JSON.stringify([`says "${TOKEN}"`])))
  old.run(
    "INSERT INTO summary (kind, source_hash, prompt_version, model, body, written_at) VALUES ('file', 'h', 1, 'm', ?, 1)",
    raw(JSON.stringify({ purpose: `password = '${PASSWORD}'` })),
  )
  old.run(
    "INSERT INTO past_commit (hash, time, subject, body, width) VALUES ('c', 1, ?, ?, 1)",
    ...[raw(`Add ${TOKEN}`), raw(`password=${PASSWORD}`)],
  )
  old.exec("CREATE VIRTUAL TABLE past_1 USING fts5(subject, body, tokenize='unicode61 remove_diacritics 0')")
  old.run('INSERT INTO past_1 (rowid, subject, body) VALUES (1, ?, ?)', raw(TOKEN.toLowerCase()), raw(PASSWORD))
  old.run(
    "INSERT INTO source (blob, language, bytes, lines, doc) VALUES ('b', '', 1, 1, ?)",
    raw(`The key is ${TOKEN}`),
  )
  old.run('INSERT INTO name (text) VALUES (?)', raw(TOKEN))
  old.exec('PRAGMA application_id = 12')
  old.close()
  expect(bytesOf(path)).toContain(TOKEN)

  const store = openStore(path)
  expect(store.ledger.requests(1)[0]!.text).toBe('Add [GitHub token left out]')
  expect(store.ledger.receipts(1)[0]!.notes).toEqual(['says "[GitHub token left out]"'])
  expect(store.facts.worktree('/r')).toMatchObject({ listing: null, history: null })
  for (const secret of [TOKEN, TOKEN.toLowerCase(), PASSWORD]) expect(bytesOf(path)).not.toContain(secret)
  store.close()
  for (const secret of [TOKEN, TOKEN.toLowerCase(), PASSWORD]) expect(bytesOf(path)).not.toContain(secret)
})
