import { expect, test } from 'vitest'
import { knownNames } from '../../src/summary/known-names.ts'
import { openLab } from '../agents/sleep/sleep-lab.ts'

test('names of definitions, uses, files and folders are known, others are not', async () => {
  const { pass, store } = await openLab()
  await pass(null)
  const isKnown = knownNames(store, store.facts.worktrees()[0]!.id)
  for (const name of [
    'Cart',
    'Cart.total',
    'total',
    'reduce',
    'src/cart/cart.ts',
    './cart/vat.ts',
    'vat.ts',
    'vat',
    'src/orders/',
    'orders',
    'README.md',
  ]) {
    expect(isKnown(name), name).toBe(true)
  }
  for (const name of [
    '',
    'Basket',
    'Cart.remove',
    'Order.total',
    'src/cart/basket.ts',
    'src/vat.ts',
    'ders',
    'main.js',
  ])
    expect(isKnown(name), name).toBe(false)
})
