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
