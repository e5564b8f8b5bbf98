import type { Wire } from '../wire.ts'

/** Every key of both configurations with its default. */
export async function printKeys(wire: Wire): Promise<0> {
  const [{ DEFAULTS }, { REPOSITORY_CONFIG, USER_CONFIG, configSchema, userSchema }] = await Promise.all([
    import('../../src/config/defaults.ts'),
    import('../../src/config/schema.ts'),
  ])
  const defaults = REPOSITORY_CONFIG.parse({})
  const shared = missingKeys(configSchema(), defaults)
  const all = USER_CONFIG.parse({})
  const own = [
    ['checks', { commands: [], ...DEFAULTS.cage }] as const,
    ...Object.entries(all).filter(([key]) => !(key in defaults)),
  ]
  const ownMissing = missingKeys(userSchema(), all).filter((key) => !shared.includes(key))
  wire.printJson({ ...defaults, checks: defaults.checks.commands })
  wire.say(`without a default: ${shared.join(', ')}`)
  wire.say('the user configuration (~/.config/repose/config.json) takes these as well:')
  wire.say(JSON.stringify(Object.fromEntries(own), null, 2))
  wire.say(`without a default: ${[...ownMissing, 'checks.memoryMb', 'checks.processes'].join(', ')}`)
  return 0
}

/** Keys that a schema has and a value lacks: 'sleep.maxUsd'. */
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
