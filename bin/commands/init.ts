import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../command.ts'
import { count } from '../format.ts'
import { JSON_OPTION } from './options.ts'

export const init: Command = {
  name: 'init',
  summary: 'write repose.config.json with the checks of the project, and list what will be read and sent',
  details:
    'The checks are found in the files of the project: scripts of package.json, pytest, tox, nox, go test, cargo test, Gradle, Maven, RSpec, rake, Composer, mix, dotnet, deno, else targets of make, just and task. A check whose program is not installed is left out. The written checks are trusted at once (see repose trust). With --run-checks, or if you agree on a terminal, each runs once in a worktree, as in repose implement; if one fails, nothing is written, and the exit code is 1.',
  options: [
    { flags: '--run-checks', text: 'run each check once, and print its result and time' },
    { flags: '--print', text: 'print the keys with their defaults instead of writing' },
    JSON_OPTION,
  ],
  examples: ['repose init', 'repose init --run-checks', 'repose init --print'],
  async run(wire, _argument, values) {
    if (values.print) return (await import('./init-print.ts')).printKeys(wire)
    const [{ CONFIG_FILE }, repo, { maxCommits }] = await Promise.all([
      import('../../src/config/read-config.ts'),
      wire.repo(),
      wire.config(),
    ])
    const isThere = lstatSync(join(repo.root, CONFIG_FILE), { throwIfNoEntry: false }) !== undefined
    const { tryChecks, writeChecks } = await import('./init-checks.ts')
    const code = isThere
      ? await tryChecks(wire, values.runChecks === true)
      : await writeChecks(wire, values.runChecks === true)
    if (wire.flags.json || code !== 0) return code
    wire.print(`
read:  every file that git lists or would list, except ignored, vendored, generated, binary and large ones
       (.gitignore, .ignore, .reposeignore and .gitattributes count, and include and exclude of the configuration;
       repose status --left-out tells each by its rule); the last ${count(maxCommits)} commits
kept:  ${await wire.databasePath()}
       beside git's own files: never committed, shared by all worktrees; repose clean deletes it
sent:  nothing, until you set a model: OPENAI_API_KEY or OPENAI_BASE_URL, and REPOSE_MODEL.
       Then repose sleep sends the text of files it summarises, and repose implement what the model asks to see.
       A file in which a secret is found is never sent by repose sleep; repose implement and repose ask
       show it with the secret left out, and say so.

next:  repose index && repose context "what you want to add"`)
    return code
  },
}
