import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { emptyTree } from './as-stored.ts'
import { git, splitNul } from './git.ts'
import { commonDirOf } from './git-dir-of.ts'

/** Settings of a repository that concern its objects and are no programs. */
const KEPT = /^(core\.sharedrepository|extensions\.(objectformat|compatobjectformat))\n(\w+)$/

/**
 * Makes a git folder for the objects of the repository. Returns the environment that makes git use it, without settings and
 * attributes: neither those of the repository nor those of the user. scratch: one of our own folders. read: the id of any object, if objects
 * are only read: its length tells their format. Otherwise one git process asks how objects are written.
 */
export async function ownGitFolder(root: string, scratch: string, { read }: { readonly read?: string } = {}) {
  const folder = await mkdtemp(join(scratch, 'settings-')) // new, so that no file in it is a link
  await mkdir(join(folder, 'refs'))
  const kept = read === undefined ? await settingsOfObjects(root) : read.length === 64 ? [SHA256] : []
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(join(folder, 'config'), `[core]\n\trepositoryformatversion = 1\n\tbare = false\n${kept.join('')}`)
  const isLong = kept.some((one) => /objectformat = sha256/i.test(one))
  return {
    GIT_DIR: folder,
    GIT_OBJECT_DIRECTORY: join(commonDirOf(root), 'objects'),
    // settings of the user can name programs that merge, and attributes of a clone can choose them for files
    ...{ GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_ATTR_NOSYSTEM: '1' },
    ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.attributesFile', GIT_CONFIG_VALUE_0: devNull },
    GIT_ATTR_SOURCE: emptyTree(isLong ? 64 : 40),
  }
}

const SHA256 = '[extensions]\n\tobjectformat = sha256\n'

async function settingsOfObjects(root: string): Promise<readonly string[]> {
  return splitNul(await git(root, ['config', '--local', '--list', '-z'])).flatMap((one) => {
    const [, key, , value] = KEPT.exec(one) ?? []
    return key && value ? [key.replace(/^(\w+)\./, '[$1]\n\t').concat(` = ${value}\n`)] : []
  })
}
