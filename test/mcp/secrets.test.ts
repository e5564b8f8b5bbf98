import { expect, test } from 'vitest'
import { leaksIn, plantedRepo, TELLING } from '../agents/planted-secrets.ts'
import { ask, connect } from './connect.ts'

test('no tool and no resource answers with a secret, not even in the name of a file', async () => {
  const { client, bugs } = await connect(plantedRepo())
  const calls: [string, object][] = [
    ['prepare_change', { request: 'Open the shop with another key', budget_tokens: 20_000 }],
    ['show', { looks: ['src/', 'src/names/', 'src/keys.py', 'config/all.txt', 'search shop', 'README.md'] }],
    ['explain', { about: '.' }],
    ['explain', { about: 'src/names/0/' }],
    ['explain', { about: 'src/keys.py' }],
    ['explain', { about: 'Where are the keys of the shop?' }],
    ['find', { text: 'key_0' }],
    ['find', { text: 'shop' }],
    ['what_changes_with', { paths: ['src/keys.py'], request: `Take ${TELLING[0]}` }],
  ]
  for (const [name, args] of calls) {
    const answer = await client.callTool({ name, arguments: { ...args } })
    expect(leaksIn(JSON.stringify(answer)), `${name} ${JSON.stringify(args)}`).toEqual([])
  }
  expect(await ask(client, 'explain', { about: 'src/names/0/' })).toContain('left out]')
  const { resources } = await client.listResources()
  const read = await client.readResource({ uri: `${resources[0]!.uri}/src/names/0` })
  expect(leaksIn(JSON.stringify(read))).toEqual([])
  expect(bugs).toEqual([])
}, 60_000)
