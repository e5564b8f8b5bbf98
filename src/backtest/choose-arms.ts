import { UserError } from '../errors.ts'
import type { Arm } from './arm.ts'
import { ARMS } from './arms/index.ts'

/**
 * The arms with these names, in the order of the table; all arms if no name is given. `others`: names that the caller knows and that
 * are not in the table. Throws UserError for an unknown name.
 */
export function chooseArms(names: readonly string[], others: readonly string[] = []): readonly Arm[] {
  const known = [...ARMS.map(({ id }) => id), ...others]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new UserError(`there is no arm '${unknown}'`, `choose among ${known.join(', ')}`)
  const chosen = ARMS.filter(({ id }) => names.includes(id))
  return chosen.length === 0 ? ARMS : chosen
}
