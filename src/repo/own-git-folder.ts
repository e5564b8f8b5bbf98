import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git, splitNul } from './git.ts'
import { commonDirOf } from './git-dir-of.ts'

/** Settings of a repository that concern its objects and are no programs. */
const KEPT = /^(core\.sharedrepository|extensions\.(objectformat|compatobjectformat))\n(\w+)$/

/**
 * Makes a git folder without settings and attributes, for the objects of the repository. Returns the environment that makes git use it.
 * scratch: one of our own folders.
 */
export async function ownGitFolder(root: string, scratch: string, run: typeof git = git) {
  const folder = await mkdtemp(join(scratch, 'settings-')) // new, so that no file in it is a link
  const [settings] = await Promise.all([run(root, ['config', '--local', '--list', '-z']), mkdir(join(folder, 'refs'))])
  const kept = splitNul(settings).flatMap((one) => {
    const [, key, , value] = KEPT.exec(one) ?? []
    return key && value ? [key.replace(/^(\w+)\./, '[$1]\n\t').concat(` = ${value}\n`)] : []
  })
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(join(folder, 'config'), `[core]\n\trepositoryformatversion = 1\n\tbare = false\n${kept.join('')}`)
  return { GIT_DIR: folder, GIT_OBJECT_DIRECTORY: join(commonDirOf(root), 'objects') }
}
