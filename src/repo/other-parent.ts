import { git } from './git.ts'
import type { Repo } from './open-repo.ts'

/**
 * What HEAD is to be compared with for a change whose newest commit is `head`. CI checks out a trial merge of it, whose other parent is
 * newer than the base that the event tells; everything between the two is the work of others. null: HEAD is no such merge. One git process.
 */
export async function otherParent({ root }: Pick<Repo, 'root'>, head: string): Promise<string | null> {
  const parents = (await git(root, ['rev-list', '--parents', '-n', '1', 'HEAD'])).trim().split(' ').slice(1)
  return parents.length === 2 && parents.includes(head) ? parents.find((parent) => parent !== head)! : null
}
