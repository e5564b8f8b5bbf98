import type { RepoPath } from '../../src/types.ts'

const MOST = 50 // places of an answer that are looked at
// 'src/a.ts:12', also in backticks or brackets; not a part of an address
const PLACE = /(?<![\w/:.@-])((?:[\w@.-]{1,100}\/){0,30}[\w@-][\w@.-]{0,200}\.[A-Za-z]\w{0,20}):(\d{1,9})(?!\w)/g

/** The places in an answer ('src/a.ts:12') that do not exist. read: returns a file's text, or null. shown: paths that the answer may shorten. */
export async function placesNotThere(
  text: string,
  read: (path: RepoPath) => Promise<string | null>,
  shown: readonly RepoPath[],
): Promise<string[]> {
  const named = new Map(
    [...text.matchAll(PLACE)].map(([place, path, line]) => [place, { path: path!, line: Number(line) }]),
  )
  const looked = await Promise.all(
    [...named].slice(0, MOST).map(async ([place, { path, line }]) => {
      const meant = [path, ...shown.filter((one) => one.endsWith(`/${path}`))]
      const texts = await Promise.all(meant.map(read))
      return texts.some((one) => one !== null && line >= 1 && line <= one.split('\n').length) ? [] : [place]
    }),
  )
  return looked.flat()
}
