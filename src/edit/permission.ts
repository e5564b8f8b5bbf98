import { shownPath } from '../paths.ts'
import type { RepoPath } from '../types.ts'
import { findProtected, type Protection, partsOf } from './find-protected.ts'
import { namesPath } from './names-path.ts'
import type { ProtectedPath } from './protected-paths.ts'

export interface PermissionOptions {
  /** What the user asked for, in their own words: protected paths that it spells out may be edited. null: a text from outside, which allows none. */
  readonly request: string | null
  /** Files, and folders with all in them, that the user allows. */
  readonly allowed: readonly RepoPath[]
  /** What is protected in this repository alone. */
  readonly here?: readonly ProtectedPath[]
}

/** A protected path, and whether it may be changed. */
export interface ProtectedVerdict {
  readonly path: RepoPath
  /** Said in brackets: 'it is protected (...)'. */
  readonly why: string
  /** By whose word it may be changed; null: it may not. */
  readonly allowedBy: 'request' | 'user' | null
}

/** What of a repository the agents of one run may change. */
export interface Permission {
  /** null: the path is not protected. */
  verdictOf(path: RepoPath): ProtectedVerdict | null
  /** Asked before a path is changed. Why it may not be, in words for the model, and then it is noted in `refused`; null: it may. */
  refuse(path: RepoPath): string | null
  /** What was to be changed and may not be, each path once. */
  readonly refused: readonly ProtectedVerdict[]
}

/** The one place that decides it, for every agent: whatever edits is handed one (EditTools). */
export function editPermission({ request, allowed, here = [] }: PermissionOptions): Permission {
  const refused = new Map<RepoPath, ProtectedVerdict>()
  const allowedParts = allowed.map(partsOf)
  const allowedBy = (path: RepoPath, protection: Protection) => {
    const parts = partsOf(path)
    if (allowedParts.some((own) => own.every((part, i) => part === parts[i]))) return 'user'
    return request !== null && namesPath(request, path, protection) ? 'request' : null
  }
  const verdictOf = (path: RepoPath): ProtectedVerdict | null => {
    const protection = findProtected(path, here)
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
