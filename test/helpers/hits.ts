import { expect } from 'vitest'
import type { Hits } from '../../src/retrieve/signal.ts'

export const scoresOf = (hits: Hits): Record<string, number> =>
  Object.fromEntries([...hits].map(([path, { score }]) => [path, score]))

export const whyOf = (hits: Hits): Record<string, string> =>
  Object.fromEntries([...hits].map(([path, { why }]) => [path, why()]))

/** For toEqual: these scores, to nine digits. */
export const near = (scores: Readonly<Record<string, number>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(scores).map(([path, score]) => [path, expect.closeTo(score, 9)]))
