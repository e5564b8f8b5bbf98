import { nameFiles } from '../../retrieve/name-files.ts'
import { rankFiles } from '../../retrieve/rank-files.ts'
import type { Arm } from '../arm.ts'

/** What `repose context` gives, without summaries, recipes and what was learned of the ranking: they know the tasks. */
export const repose: Arm = {
  id: 'repose',
  text: 'what repose context lists and names by the weights that ship, without summaries and recipes',
  rank(request, { store, worktree }) {
    const files = nameFiles(rankFiles(store, worktree, request))
    return {
      files: files.map(({ path }) => path),
      named: files.filter(({ role }) => role === 'modify').map(({ path }) => path),
      probability: new Map(files.map(({ path, score }) => [path, score])),
    }
  },
}
