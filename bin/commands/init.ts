import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../command.ts'
import { count } from '../format.ts'

export const init: Command = {
  name: 'init',
  summary: 'write repose.config.json and say what will be read and sent',
  options: [{ flags: '--print', text: 'print the keys with their defaults instead of writing' }],
  examples: ['repose init', 'repose init --print'],
  async run(wire, _argument, values) {
    const { CONFIG_FILE } = await import('../../src/config.ts')
    if (values.print) {
      const [{ DEFAULTS }, { REPOSITORY_CONFIG, USER_CONFIG, configSchema, userSchema }] = await Promise.all([
        import('../../src/config-defaults.ts'),
        import('../../src/config-schema.ts'),
      ])
      const defaults = REPOSITORY_CONFIG.parse({})
      const shared = missingKeys(configSchema(), defaults)
      const all = USER_CONFIG.parse({})
      const own = [
        ['checks', { commands: [], ...DEFAULTS.cage }] as const,
        ...Object.entries(all).filter(([key]) => !(key in defaults)),
      ]
      const ownMissing = missingKeys(userSchema(), all).filter((key) => !shared.includes(key))
      wire.printJson(defaults)
      wire.say(`without a default: ${shared.join(', ')}`)
      wire.say('the user configuration (~/.config/repose/config.json) takes these as well:')
      wire.say(JSON.stringify(Object.fromEntries(own), null, 2))
      wire.say(`without a default: ${['checks.memoryMb', 'checks.processes', ...ownMissing].join(', ')}`)
      return 0
    }
    const repo = await wire.repo()
    const path = join(repo.root, CONFIG_FILE)
    if (existsSync(path)) wire.print(`${CONFIG_FILE} is there already; it is left as it is`)
    else {
      const schema = 'https://unpkg.com/repose/repose.schema.json'
      const checks = guessChecks(repo.root)
      writeFileSync(path, `${JSON.stringify({ $schema: schema, checks }, null, 2)}\n`)
      wire.print(
        `wrote ${CONFIG_FILE}${checks.map((check) => `, with "${check}" as the check that repose implement runs`).join('')}`,
      )
    }
    wire.print(`
read:  every file that git lists or would list, except ignored, generated, binary and large ones
       (.gitignore, .ignore and .reposeignore count); the last ${count((await wire.config()).maxCommits)} commits
kept:  ${await wire.databasePath()}
       beside git's own files: never committed, shared by all worktrees; repose clean deletes it
sent:  nothing, until you set a model: OPENAI_API_KEY or OPENAI_BASE_URL, and REPOSE_MODEL.
       Then repose sleep sends the text of files it summarises, and repose implement what the model asks to see.
       A file in which a secret is found is never sent by repose sleep; repose implement and repose ask
       show it with the secret left out, and say so.

next:  repose index && repose context "what you want to add"`)
    return 0
  },
}

/** Keys that a schema has and a value has not: 'sleep.maxUsd'. */
function missingKeys({ properties = {} }: Schema, value: object): string[] {
  const held = new Map<string, unknown>(Object.entries(value))
  return Object.entries(properties)
    .filter(([key]) => !key.startsWith('$'))
    .flatMap(([key, schema]) => {
      const inside = held.get(key)
      if (inside === undefined) return [key]
      return inside instanceof Object ? missingKeys(schema, inside).map((name) => `${key}.${name}`) : []
    })
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
}

function guessChecks(root: string): string[] {
  if (existsSync(join(root, 'package.json'))) return ['npm test']
  if (existsSync(join(root, 'Cargo.toml'))) return ['cargo test']
  if (existsSync(join(root, 'go.mod'))) return ['go test ./...']
  if (existsSync(join(root, 'pyproject.toml'))) return ['python3 -m pytest -q']
  return []
}
