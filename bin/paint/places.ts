import { cyan, eachLine } from './style.ts'

const PLACE = /^\S+:\d+(?:-\d+)?(?=\s)/

/** Lines that begin with 'src/a.ts:12' or 'src/a.ts:12-20', as grep colours them. */
export const paintPlaces = eachLine((line) => line.replace(PLACE, cyan))

/** Whether a line of an answer from the index is code, and no place with what is said of it. Broken, it would not be what stands in the file. */
export function isCode(line: string): boolean {
  return !PLACE.test(line) && !line.startsWith('How this is usually done here: ')
}
