import { UserError } from '../errors.ts'
import type { Arm } from './arm.ts'
import { ARMS } from './arms/index.ts'

/**
 * The arms of these names, in the order of the table; all of them when none is named. `others`: names of arms that are not
 * in the table, known to the caller. Throws UserError for a name that is none.
 */
export function chooseArms(names: readonly string[], others: readonly string[] = []): readonly Arm[] {
  const known = [...ARMS.map(({ id }) => id), ...others]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UserError(`there is no arm '${unknown}'`, `choose among ${known.join(', ')}`)
  const chosen = ARMS.filter(({ id }) => names.includes(id))
  return chosen.length === 0 ? ARMS : chosen
}
