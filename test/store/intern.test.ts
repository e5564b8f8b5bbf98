import { expect, test } from 'vitest'
import { openDb } from '../../src/store/db.ts'
import { internIn } from '../../src/store/intern.ts'
import { openStore } from '../../src/store/open-store.ts'

test('a text has one id, also for another connection of the same process', () => {
  const db = openDb(':memory:')
  const id = internIn(db, 'name')
  expect(id('total')).toBe(id('total'))
  expect(internIn(db, 'name')('total')).toBe(id('total'))
  expect(id('vat')).not.toBe(id('total'))
  db.close()
})

test('an id given out in a transaction that was undone is not used again', () => {
  const { db, close } = openStore(':memory:')
  const id = internIn(db, 'name')
  expect(() =>
    db.transaction(() => {
      id('lost')
      throw new Error('undone')
    }),
  ).toThrow('undone')
  const now = id('lost')
  expect(db.get('SELECT text FROM name WHERE id = ?', now)).toEqual({ text: 'lost' })
  close()
})
