import fc from 'fast-check'
import { expect } from 'vitest'
import { UserError } from '../../../src/errors.ts'

/** Cases of each property in one run of `npm run attack`. */
export const CASES = {
  'chat bodies': 2500,
  'chat streams': 1200,
  'bytes of an endpoint': 250,
  'replies of the sleep agent': 800,
  'staged replies': 2500,
  'staged edits': 250,
  'looks of a model': 150,
  'tool arguments': 250,
  configurations: 800,
  'ignore files': 1000,
  'attribute files': 500,
  'git log output': 2000,
  'files of state': 400,
  manifests: 300,
  'database rows': 120,
} as const

/** FUZZ_SEED chooses other cases, FUZZ_TIMES multiplies their number. */
const seed = Number(process.env.FUZZ_SEED ?? 23)
const times = Number(process.env.FUZZ_TIMES ?? 1)

/** Long enough for FUZZ_TIMES of ten on a loaded machine. */
export const FUZZ_MS = 90_000 * Math.max(1, times)

/** Tries a property on so many made-up values. A failure is told with its seed and the smallest value that shows it. */
export async function fuzz<T>(
  name: keyof typeof CASES,
  values: fc.Arbitrary<T>,
  property: (value: T) => void | Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(values, async (value) => property(value)),
    {
      seed,
      numRuns: Math.ceil(CASES[name] * times),
      endOnFailure: process.env.FUZZ_SHRINK === '0',
    },
  )
}

/** What a fault of others may end in: a value, or a UserError of two lines. Returns the value; undefined for the error. */
export async function valueOrUserError<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    expect(error.message).not.toBe('')
    expect(error.fix).not.toMatch(/\n|^$/)
    return undefined
  }
}
