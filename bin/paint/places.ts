import { cyan, eachLine } from './style.ts'

/** Lines that begin with 'src/a.ts:12' or 'src/a.ts:12-20', as grep colours them. */
export const paintPlaces = eachLine((line) => line.replace(/^\S+:\d+(?:-\d+)?(?=\s)/, cyan))
