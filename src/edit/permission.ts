import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { findProtected, type Protection, partsOf } from './find-protected.ts'
import { mayBeHead } from './in-bare-repository.ts'
import { namesPath } from './names-path.ts'
import type { ProtectedHere } from './protected-paths.ts'

export interface PermissionOptions {
  /** The user's request in their own words: protected paths that it names may be edited. null: a text from outside, which allows none. */
  readonly request: string | null
  /** Files, and folders with their content, that the user allows. */
  readonly allowed: readonly RepoPath[]
  /** What is protected only in this repository. */
  readonly here?: ProtectedHere
}

/** A protected path, and whether it may be changed. */
export interface ProtectedVerdict {
  readonly path: RepoPath
  /** Shown in brackets: 'it is protected (...)'. */
  readonly why: string
  /** Who allowed the change; null: nobody. */
  readonly allowedBy: 'request' | 'user' | null
}

/** What the agents of one run may change in a repository. */
export interface Permission {
  /**
   * null: the path is not protected. isInBare: bareRepositoriesIn() of a finished change. Files in a bare repository are
   * protected too.
   */
  verdictOf(path: RepoPath, isInBare?: (path: RepoPath) => boolean): ProtectedVerdict | null
  /** Called before a path is changed. Returns null if it may be; otherwise a message for the model, and adds the path to `refused`. */
  refuse(path: RepoPath): string | null
  /** Refused paths, each once. */
  readonly refused: readonly ProtectedVerdict[]
}

/** The only place that decides this. Every agent that edits gets a Permission (EditTools). */
export function editPermission({ request, allowed, here }: PermissionOptions): Permission {
  const refused = new Map<RepoPath, ProtectedVerdict>()
  const allowedParts = allowed.map(partsOf)
  const allowedBy = (path: RepoPath, protection: Protection) => {
    const parts = partsOf(path)
    if (allowedParts.some((own) => own.every((part, i) => part === parts[i]))) return 'user'
    return request !== null && namesPath(request, path, protection) ? 'request' : null
  }
  const verdictOf = (path: RepoPath, isInBare?: (path: RepoPath) => boolean): ProtectedVerdict | null => {
    const isOfRepository = mayBeHead(path) || isInBare?.(path)
    const protection = findProtected(path, here) ?? (isOfRepository ? asRepository(path) : null)
    return protection && { path, why: protection.why, allowedBy: allowedBy(path, protection) }
  }
  return {
    verdictOf,
    refuse(path) {
      const verdict = verdictOf(path)
      if (!verdict || verdict.allowedBy) return null
      refused.set(path, verdict)
      return `${shownPath(path)} is protected (${verdict.why}), and the request does not name it: leave this edit out, and say in a note for the user what it was for`
    },
    get refused() {
      return [...refused.values()]
    },
  }
}

function asRepository(path: RepoPath): Protection {
  const why = 'git may take its folder for a repository, and then runs programs that the settings there name'
  return { first: 0, last: partsOf(path).length - 1, why, isHere: false }
}
