import { termsOf } from '../../src/request/words.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import type { Certainty, CodeSymbol, RepoPath } from '../../src/types.ts'

/** What a test says of a file; what it leaves out is empty. */
interface HandMadeFile {
  /** Names of what it defines. */
  readonly defines?: readonly string[]
  /** What it defines, told in full. */
  readonly symbols?: readonly CodeSymbol[]
  readonly uses?: readonly string[]
  readonly imports?: Readonly<Record<RepoPath, Certainty>>
  readonly body?: string
  /** What a model wrote of it. */
  readonly summary?: string
  readonly lines?: number
  readonly isGenerated?: true
}

interface HandMadeCommit {
  readonly subject: string
  readonly body?: string
  readonly paths?: readonly RepoPath[]
}

export interface HandMade {
  readonly store: Store
  readonly worktree: number
}

/** So many commits that say and change nothing: they only make older ones older. */
export const idle = (count: number): readonly HandMadeCommit[] => Array(count).fill({ subject: 'x' })

/** A database of one working tree that was never on disk. commits: newest first, so that their index is their position. */
export function handMadeStore(
  files: Readonly<Record<RepoPath, HandMadeFile>>,
  commits: readonly HandMadeCommit[] = [],
): HandMade {
  const store = openStore(':memory:')
  const { id: worktree } = store.facts.worktree('/r')
  store.search.prepare(worktree)
  const ids = new Map(Object.entries(files).map(([path, file]) => [path, putFile(store, worktree, path, file)]))
  for (const [path, { imports = {} }] of Object.entries(files))
    store.facts.setImports(
      ids.get(path)!,
      new Map(Object.entries(imports).map(([target, certainty]) => [ids.get(target)!, certainty])),
    )
  const hashes = commits.map((_, position) => `commit${position}`)
  for (const [position, { subject, body = '', paths = [] }] of [...commits.entries()].reverse())
    store.history.saveCommit({
      ...{ hash: hashes[position]!, time: -position, subject, body },
      changes: paths.map((path) => ({ path, was: null })),
    })
  store.history.setReach(worktree, 'head', hashes)
  return { store, worktree }
}

function putFile(store: Store, worktree: number, path: RepoPath, file: HandMadeFile): number {
  const { defines = [], symbols = defines.map(symbol), uses = [], body = '', summary = null, lines = 1 } = file
  store.facts.saveSource(path, '', {
    ...{ bytes: 0, lines, reason: file.isGenerated ? 'generated' : null, problem: null },
    parsed: {
      doc: null,
      symbols,
      references: uses.map((name) => ({ name, kind: 'use', line: 1 })),
      gaps: [],
    },
    isClean: false,
    terms: JSON.stringify({ names: [defines.flatMap(termsOf).join(' ')], docs: [], body: [termsOf(body).join(' ')] }),
  })
  const source = store.facts.sourceId(path, '')!
  const id = store.facts.putFile(worktree, path, source, null)
  store.search.put(worktree, [{ file: id, path, source, summary }])
  return id
}

function symbol(qualified: string): CodeSymbol {
  const name = qualified.slice(qualified.lastIndexOf('.') + 1)
  return { qualified, name, kind: 'function', lines: { first: 1, last: 1 }, signature: name, doc: null, hash: name }
}
