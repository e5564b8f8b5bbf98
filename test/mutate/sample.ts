import { createHash } from 'node:crypto'

/** Whether a mutant is in a random sample of this share. A hash of its id decides, so it is the same in each run over the same code. */
export function isInSample(id: string, share: number): boolean {
  return createHash('sha256').update(id).digest().readUInt32BE() < share * 2 ** 32
}

/** A checker plugin of Stryker. It reports mutants outside the sample as compile errors, so Stryker does not try them. */
export const strykerPlugins = [
  {
    kind: 'Checker',
    name: 'sample',
    value: {
      init: async () => {},
      group: async (mutants: readonly { readonly id: string }[]) => [mutants.map(({ id }) => id)],
      check: async (mutants: readonly { readonly id: string }[]) => {
        const share = Number(process.env.REPOSE_MUTATE_SHARE)
        const outside = { status: 'compileError', reason: 'not in the sample' }
        return Object.fromEntries(mutants.map(({ id }) => [id, isInSample(id, share) ? { status: 'passed' } : outside]))
      },
    },
  },
]
