import { createHash } from 'node:crypto'

/** Whether the mutant of this number is one of a share of all: the same in each run over the same code. */
export function isInSample(id: string, share: number): boolean {
  return createHash('sha256').update(id).digest().readUInt32BE() < share * 2 ** 32
}

/** A plugin of Stryker. It keeps mutants outside the sample from being tried: they count as ones that do not compile. */
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
