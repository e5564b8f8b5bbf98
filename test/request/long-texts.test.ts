import { expect, test } from 'vitest'
import { findReverted } from '../../src/history/find-reverted.ts'
import type { MainlineCommit } from '../../src/history/read-mainline.ts'
import { plainRequest } from '../../src/request/plain-request.ts'
import { readRequest } from '../../src/request/read-request.ts'
import { readsLike } from '../../src/request/reads-like.ts'
import { withoutTrailers } from '../../src/request/trailers.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import { outrightHits } from '../../src/retrieve/signals/names.ts'
import { handMadeStore } from '../helpers/hand-made-store.ts'

const many = (text: string) => text.repeat(40_000)
const commit = (subject: string) => ({ hash: 'a'.repeat(40), subject, body: '' }) as MainlineCommit
const { store, worktree } = handMadeStore({ 'src/a.ts': { body: 'cache' } })

test.each<[string, () => unknown]>([
  ['a reference to one long word', () => withoutTrailers(`Add a cache\n\nsee ${many('a')}`)],
  ['a reference to an address that ends in dots', () => withoutTrailers(`Add a cache\n\nsee https://a${many('.')} b`)],
  ['a title of signs', () => readsLike(`add ${many('-')}`)],
  ['a subject of spaces', () => findReverted([commit(`a${many(' ')}b`)])],
  [
    'a path of many folders',
    () => outrightHits(askOf(store, worktree, readRequest(`Add a cache\n\n${many('a/')}b.ts`))),
  ],
  ['comments that nothing closes', () => plainRequest(`Add a cache\n\n${many('<!--')}`)],
])('%s takes no seconds', (_, read) => {
  const started = performance.now()
  read()
  expect(performance.now() - started).toBeLessThan(1500)
})
