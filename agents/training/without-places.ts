import { homedir, tmpdir } from 'node:os'

/** Folders of users, on any system: what stands behind belongs to the text. */
const HOMES = /(?:\/home|\/Users|[A-Za-z]:\\+Users)[\\/]+[^\\/\s"'`:,;)\]}>]+/g

/** Replaces what a text says of this machine: the repository's folder by '.', temporary folders by '/tmp', home folders by '~'. */
export function withoutPlaces(root: string): (text: string) => string {
  const places = [
    [root, '.'],
    [homedir(), '~'],
    [tmpdir(), '/tmp'],
  ] as const
  const known = places.filter(([place]) => place.length > 1)
  return (text) => known.reduce((rest, [place, name]) => rest.replaceAll(place, name), text).replace(HOMES, '~')
}
