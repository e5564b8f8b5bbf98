import { cyan, eachLine } from './style.ts'

const PLACE = /^\S+:\d+(?:-\d+)?(?=\s)/

/** Lines that start with 'src/a.ts:12' or 'src/a.ts:12-20', coloured like grep's. */
export const paintPlaces = eachLine((line) => line.replace(PLACE, cyan))

/** Whether a line of an answer from the index is code. Broken, it would differ from the line in the file. */
export function isCode(line: string): boolean {
  return !PLACE.test(line) && !line.startsWith('How this is usually done here: ')
}
