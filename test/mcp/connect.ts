import { pathToFileURL } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport } from '@modelcontextprotocol/server'
import { onTestFinished } from 'vitest'
import type { Implementing } from '../../bin/mcp/implementing.ts'
import { Repositories } from '../../bin/mcp/repositories.ts'
import { serveClient } from '../../bin/mcp/serve-stdio.ts'

interface Connected {
  readonly client: Client
  readonly repositories: Repositories
  /** Faults that nobody expected. */
  readonly bugs: unknown[]
}

/** A folder, or an address as it is. */
const uriOf = (root: string) => ({ uri: root.startsWith('file:') ? root : pathToFileURL(root).href })

/** A client of the SDK, connected to a server for a folder in this process. mode: which versions of the protocol it speaks. */
export async function connect(
  folder: string,
  {
    mode = 'legacy',
    roots,
    db,
    implementing,
  }: { mode?: 'legacy' | 'auto'; roots?: readonly string[]; db?: string; implementing?: Implementing } = {},
): Promise<Connected> {
  const repositories = new Repositories(db === undefined ? {} : { db })
  const bugs: unknown[] = []
  const [here, there] = InMemoryTransport.createLinkedPair()
  const options = { version: '0.0.0', repositories, implementing, onBug: (error: unknown) => bugs.push(error) }
  const server = serveClient({ ...options, folder, usesRoots: true }, there)
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: roots ? { roots: { listChanged: true } } : {}, versionNegotiation: { mode } },
  )
  if (roots) client.setRequestHandler('roots/list', () => ({ roots: roots.map(uriOf) }))
  await client.connect(here)
  onTestFinished(async () => {
    await client.close()
    await server.close()
    implementing?.stop()
    await repositories.close()
  })
  return { client, repositories, bugs }
}

/** The text of an answer. */
export async function ask(client: Client, name: string, args: object): Promise<string> {
  const answer = await client.callTool({ name, arguments: { ...args } })
  return (answer.content[0] as { text: string }).text
}
