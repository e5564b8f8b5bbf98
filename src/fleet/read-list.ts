import { UserError } from '../errors.ts'
import { FACTS, type FactName } from './fleet-repo.ts'

/** A line of a list: a path or an address, with facts that it gives. */
export interface ListedRepo {
  readonly name: string
  readonly facts: Partial<Record<FactName, number>>
  readonly weight: number
}

const MOST = 100_000 // lines
const EXPECTED = `write a path or an address a line, followed by facts if you know some: https://git.example.org/a.git commits=40 waiting=3 stale=120 weight=2`

/** Reads a list of repositories, one a line; '#' begins a remark. Throws UserError for an unknown fact, and for a repository that is there twice. */
export function readList(text: string): ListedRepo[] {
  const lines = text.split(/\r?\n/)
  if (lines.length > MOST) throw new UserError(`the list has more than ${MOST} lines`, 'split it')
  const repos = lines.flatMap((line, i) => {
    const [name, ...words] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/)
    return name ? [readLine(name, words, i + 1)] : []
  })
  const seen = new Set<string>()
  for (const { name } of repos) {
    if (seen.has(name)) throw new UserError(`${name} is in the list twice`, 'leave it in once')
    seen.add(name)
  }
  if (repos.length === 0) throw new UserError('the list is empty', EXPECTED)
  return repos
}

function readLine(name: string, words: readonly string[], line: number): ListedRepo {
  if (name.startsWith('-')) throw new UserError(`line ${line}: ${name} is neither a path nor an address`, EXPECTED)
  const facts: Partial<Record<FactName, number>> = {}
  let weight = 1
  for (const word of words) {
    const [, key, value] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(word) ?? []
    if (key === 'weight') weight = Number(value)
    else if (FACTS.some((fact) => fact === key)) facts[key as FactName] = Number(value)
    else throw new UserError(`line ${line}: ${word} is no fact of a repository`, EXPECTED)
  }
  return { name, facts, weight }
}
