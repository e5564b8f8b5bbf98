import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyFolder } from './copy-folder.ts'
import { madeOnceNow } from './shared-folder.ts'

/**
 * A new repository on branch main whose commits change these files, oldest first. Fast: git makes all of them in one process, and the
 * empty repository is a copy.
 */
export function pastRepo(commits: readonly { readonly subject: string; readonly paths: readonly string[] }[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'repose-past-')))
  copyFolder(madeOnceNow('past-empty', makeEmpty), root)
  const git = (args: readonly string[], input = '') => execFileSync('git', ['-C', root, ...args], { input })
  const stream = commits.map(({ subject, paths }, at) => {
    const files = paths.map((path) => `M 100644 inline ${path}\ndata ${textOf(path, at).length}\n${textOf(path, at)}\n`)
    const time = 1_700_000_000 + at * 3600
    return `commit refs/heads/main\ncommitter Ada <ada@example.org> ${time} +0000\ndata ${subject.length}\n${subject}\n${files.join('')}\n`
  })
  git(['fast-import', '--quiet'], stream.join(''))
  if (commits.length > 0) git(['reset', '-q', '--hard', 'main'])
  return root
}

function makeEmpty(folder: string): void {
  execFileSync('git', ['-C', folder, 'init', '-q', '-b', 'main', '--template='])
  appendFileSync(join(folder, '.git/config'), '[user]\n\tname = Ada\n\temail = ada@example.org\n')
}

const textOf = (path: string, at: number) => `// ${path}, as of commit ${at}\nexport const value = ${at}\n`
