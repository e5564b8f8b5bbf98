import { findFiles } from '../../pack/find-files.ts'
import type { Arm } from '../arm.ts'

/** `repose context` without summaries, which were written after the tasks and would reveal them. Recipes are those of the past state. */
export const repose: Arm = {
  id: 'repose',
  text: 'what repose context lists and names by the weights that ship, without summaries; its recipes are of the past too',
  rank(request, { store, worktree }) {
    const files = findFiles(store, worktree, request)
    return {
      files: files.map(({ path }) => path),
      named: files.filter(({ role }) => role === 'modify').map(({ path }) => path),
      probability: new Map(files.map(({ path, score }) => [path, score])),
    }
  },
}
