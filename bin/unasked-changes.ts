import { userFolder } from '../src/config/user-folder.ts'
import { protectedBelow } from '../src/edit/find-protected.ts'
import { bareRepositoriesIn } from '../src/edit/in-bare-repository.ts'
import { editPermission, type PermissionOptions, type ProtectedVerdict } from '../src/edit/permission.ts'
import { filesOf } from '../src/repo/apply-result.ts'
import { protectedHere } from '../src/repo/protected-here.ts'

/** Protected files that a diff changes although neither the request nor the user allows it. Some git processes. */
export async function unaskedChanges(
  root: string,
  diff: string,
  { request, allowed }: Pick<PermissionOptions, 'request' | 'allowed'>,
): Promise<readonly ProtectedVerdict[]> {
  if (diff === '') return []
  const [files, here] = await Promise.all([
    filesOf(root, diff),
    protectedHere(root, protectedBelow, { own: [userFolder()] }),
  ])
  const permission = editPermission({ request, allowed, here })
  const isInBare = bareRepositoriesIn([root], files)
  return files
    .flatMap((path) => permission.verdictOf(path, isInBare) ?? [])
    .filter(({ allowedBy }) => allowedBy === null)
}
