import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A folder with a program `git` that runs these lines of shell. Returns a PATH that finds it first. */
export function fakeGit(lines: string): { readonly folder: string; readonly PATH: string } {
  const folder = mkdtempSync(join(tmpdir(), 'repose-fake-git-'))
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${lines}\n`)
  chmodSync(join(folder, 'git'), 0o755)
  return { folder, PATH: `${folder}${delimiter}${process.env.PATH}` }
}

/** A git that puts no file back once `broken` lies in its working tree. */
export function gitThatPutsNothingBack(): string {
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
  return fakeGit(
    `case " $* " in *" checkout-index "*) if [ -e broken ]; then echo 'fatal: no luck' >&2; exit 128; fi;; esac\nexec '${real}' "$@"`,
  ).PATH
}
