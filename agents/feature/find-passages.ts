import { groupBy } from '../../src/groups.ts'
import { isSource, kindOfPath } from '../../src/paths.ts'
import { blocking } from '../../src/processes/blocking.ts'
import type { Request } from '../../src/request/read-request.ts'
import { readQuestion } from '../../src/retrieve/questions/asked-question.ts'
import { findUses, type Use } from '../../src/retrieve/questions/find-uses.ts'
import type { FileOfPassages } from '../../src/retrieve/questions/passage.ts'
import { type RankedPassage, rankPassages } from '../../src/retrieve/questions/rank-passages.ts'
import type { Store } from '../../src/store/open-store.ts'
import { SEARCH_WEIGHTS } from '../../src/store/search.ts'
import type { RepoPath } from '../../src/types.ts'
import { readPassages } from './read-passages.ts'
import type { Workspace } from './workspace.ts'

export interface Found {
  /** Best first. If the question asks for uses, the users of the name. */
  readonly passages: readonly RankedPassage[]
  readonly files: ReadonlyMap<RepoPath, FileOfPassages>
  /** Places that use the name, if the question asks for uses; those in tests last. */
  readonly uses: readonly Use[]
}

const SOURCES = 60 // files whose definitions are compared with the question
const OTHERS = 15 // documents, configuration
const USERS = 60 // files
const USERS_LOOKED_AT = 2000 // files, by their names alone
const OF_CODE = /[\p{Lu}\d_$]/u // a name in code, even if not defined here

/** Passages that best match a question, from the files that match it; or all users of a name, if the question asks for them. */
export async function findPassages(
  question: Request,
  workspace: Workspace,
  state: { store: Store; worktree: number },
): Promise<Found> {
  const { store, worktree } = state
  const asked = readQuestion(store, worktree, question)
  const isMeant = (path: RepoPath) => asked.isAboutTests || kindOfPath(path) !== 'test'
  const { usesOf, usesOfOwner } = asked
  const isName = usesOf !== null && (OF_CODE.test(usesOf) || store.facts.definersOf(worktree, usesOf, 1).length > 0)
  const allUsers = isName ? usersOf(usesOf, usesOfOwner, state) : []
  const users = [...allUsers.filter(isMeant), ...allUsers.filter((path) => !isMeant(path))].slice(0, USERS)
  const terms = asked.concepts.flatMap((concept) => [...concept.terms.keys()])
  const speaking = store.search
    .findEach(worktree, { all: { terms, fields: SEARCH_WEIGHTS } }, SOURCES)
    .all.map(({ path }) => path)
  const others = speaking.filter((path) => !isSource(path) && isMeant(path)).slice(0, OTHERS)
  const paths = new Set([...users, ...speaking.filter(isSource), ...others])
  const read = await readPassages([...paths], workspace, state)
  const files = new Map(read.map((file) => [file.path, file]))
  return blocking(() => {
    const ranked = rankPassages(read, asked)
    const used = users.flatMap((path) => files.get(path) ?? [])
    const uses = usesOf === null ? [] : findUses(usesOf, used, usesOfOwner)
    const meant = ranked.filter(({ path }) => isMeant(path))
    const using = [meant, ranked].map((some) => usersFirst(uses, some)).find((some) => some.length > 0)
    return { passages: using ?? meant, files, uses }
  })
}

/** Files that use the name. Those that use its owner too come first: many names are used everywhere. */
function usersOf(name: string, owner: string | null, { store, worktree }: { store: Store; worktree: number }) {
  const users = store.facts.usersOf(worktree, name, USERS_LOOKED_AT)
  if (owner === null) return users
  const ofOwner = new Set(store.facts.usersOf(worktree, owner, USERS_LOOKED_AT))
  return [...users].sort((a, b) => Number(ofOwner.has(b)) - Number(ofOwner.has(a)))
}

/** Users of the name, those that best match the question first. */
function usersFirst(uses: readonly Use[], ranked: readonly RankedPassage[]): RankedPassage[] {
  const byUser = groupBy(uses, ({ by }) => by?.lines)
  const score = ranked[0]?.score ?? 1 // the same for all: each is an answer
  return ranked.flatMap((one) => {
    const found = byUser.get(one.lines)?.filter(({ by }) => by?.path === one.path) ?? []
    return found.length > 0 ? [{ ...one, score, telling: () => found.map(({ line }) => line) }] : []
  })
}
