import { cyan, eachLine } from './style.ts'

/** Lines that start with 'src/a.ts:12' or 'src/a.ts:12-20', coloured like grep's. */
export const paintPlaces = eachLine((line) => line.replace(/^\S+:\d+(?:-\d+)?(?=\s)/, cyan))
