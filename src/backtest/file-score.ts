import type { RepoPath } from '../types.ts'

/** Precision, recall and F1 of a list of files; all from 0 to 1. */
export interface FileScore {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** paths, wanted: each file once. */
export function fileScore(paths: readonly RepoPath[], wanted: readonly RepoPath[]): FileScore {
  return { precision: precision(paths, wanted), recall: recall(paths, wanted), f1: f1(paths, wanted) }
}

export function precision(paths: readonly RepoPath[], wanted: readonly RepoPath[]): number {
  return paths.length === 0 ? 0 : hits(paths, wanted) / paths.length
}

export function recall(paths: readonly RepoPath[], wanted: readonly RepoPath[]): number {
  return hits(paths, wanted) / wanted.length
}

export function f1(paths: readonly RepoPath[], wanted: readonly RepoPath[]): number {
  return (2 * hits(paths, wanted)) / Math.max(1, paths.length + wanted.length)
}

function hits(paths: readonly RepoPath[], wanted: readonly RepoPath[]): number {
  return wanted.filter((path) => paths.includes(path)).length
}
