import { expect, test } from 'vitest'
import { find } from '../../agents/mcp/find.ts'
import { explainSubject } from '../../agents/served/explain-subject.ts'
import type { ServedIndex } from '../../agents/served/served-index.ts'
import { findItem } from '../../src/backlog/find-item.ts'
import { readItems } from '../../src/backlog/read-items.ts'
import { findChecks } from '../../src/checks/find-checks.ts'
import { canonicalName } from '../../src/files/canonical-name.ts'
import { findReverted } from '../../src/history/find-reverted.ts'
import type { MainlineCommit } from '../../src/history/read-mainline.ts'
import { hasBlock } from '../../src/hooks/fenced-block.ts'
import { plainRequest } from '../../src/request/plain-request.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { readsLike } from '../../src/request/reads-like.ts'
import { withoutTrailers } from '../../src/request/trailers.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import { outrightHits } from '../../src/retrieve/signals/names.ts'
import { handMadeStore } from '../helpers/hand-made-store.ts'
import { scratchFolder, scratchRepo, write } from '../repo/scratch-repo.ts'

const many = (text: string) => text.repeat(40_000)
const million = (text: string) => text.repeat(900_000 / text.length)
const commit = (subject: string) => ({ hash: 'a'.repeat(40), subject, body: '' }) as MainlineCommit
const { store, worktree } = handMadeStore({ 'src/a.ts': { body: 'cache' } })

const index = {
  ...{ store, worktree, maxFileBytes: 1000 },
  repo: { root: scratchRepo({ 'src/a.ts': '' }) },
} as unknown as ServedIndex

function checksOf(files: Readonly<Record<string, string>>) {
  const root = scratchFolder()
  for (const [path, text] of Object.entries(files)) write(root, path, text)
  return findChecks(root, Object.keys(files), () => true)
}

test.each<[string, () => unknown]>([
  ['a reference to one long word', () => withoutTrailers(`Add a cache\n\nsee ${many('a')}`)],
  ['a reference to an address that ends in dots', () => withoutTrailers(`Add a cache\n\nsee https://a${many('.')} b`)],
  ['anchors in the file of a task runner', () => checksOf({ 'Taskfile.yml': million('&a ') })],
  ['tasks without end', () => checksOf({ 'Taskfile.yml': `tasks:\n${million('  a:\n')}` })],
  ['a title of signs', () => readsLike(`add ${many('-')}`)],
  ['a subject of spaces', () => findReverted([commit(`a${many(' ')}b`)])],
  [
    'a path of many folders',
    () => outrightHits(askOf(store, worktree, readRequest(`Add a cache\n\n${many('a/')}b.ts`))),
  ],
  ['a question of question marks', () => readRequest(`is ${million('?')}a`)],
  ['a question of words that ask', () => readRequest(`${million('where ')}!`)],
  ['a question of spaces', () => readRequest(`what${million(' ')}x`)],
  ['a form whose answers are signs', () => readRequest(`### What?\n### How?\naa${many('!')}bb${many('!')}`)],
  ['an entry of a check list that is dots', () => readItems(`- [ ] a${many('.')}x\n- [ ] b${many(' .')}x`)],
  ['an address of slashes', () => findItem(`https://${million('/')}x`, [])],
  ['a name of dots', () => canonicalName(`a${many('. ')}x`)],
  ['a hook of lines that begin ours', () => hasBlock(`#!/bin/sh\n${many('# >>> repose hook >>>\n')}`)],
  ['a subject of slashes', () => explainSubject(`a${million('/')}x`, index)],
  ['a definition of hashes', () => explainSubject(`a${million('#')}(`, index)],
  ['a place of slashes', () => find.answer({ text: 'cache', in: `a${million('/')}x` }, index)],
  ['a Makefile of blanks', () => checksOf({ Makefile: `a${million(' ')}x\n` })],
  ['a go.work of empty lines', () => checksOf({ 'go.work': `${million('\n')}x` })],
  [
    'a pubspec.yaml of empty lines',
    () => checksOf({ 'pubspec.yaml': `a: 1${million('\n')}x`, 'test/a_test.dart': '' }),
  ],
  ['a test in Python of empty lines', () => checksOf({ 'test_a.py': `${million('\n')}x`, 'setup.py': '' })],
  ['a script of compilers', () => checksOf({ 'package.json': JSON.stringify({ scripts: { test: million('tsc ') } }) })],
  ['comments that nothing closes', () => plainRequest(`Add a cache\n\n${many('<!--')}`)],
])('%s takes no seconds', async (_, read) => {
  const started = performance.now()
  await read()
  expect(performance.now() - started).toBeLessThan(1500)
})
