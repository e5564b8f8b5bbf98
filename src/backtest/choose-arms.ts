import { UserError } from '../errors.ts'
import type { Arm } from './arm.ts'
import { ARMS } from './arms/index.ts'

/** The arms of these names, in the order of the table; all of them for none. Throws UserError for a name that is none. */
export function chooseArms(names: readonly string[]): readonly Arm[] {
  const unknown = names.find((name) => !ARMS.some(({ id }) => id === name))
  if (unknown !== undefined)
    throw new UserError(`there is no arm '${unknown}'`, `choose among ${ARMS.map(({ id }) => id).join(', ')}`)
  return names.length === 0 ? ARMS : ARMS.filter(({ id }) => names.includes(id))
}
