import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { explainSubject } from '../../agents/served/explain-subject.ts'
import { UserError } from '../../src/errors.ts'
import { redactSecrets } from '../../src/secrets/find-secrets.ts'
import { trimEndOf } from '../../src/text/trim-end.ts'
import type { ClientFolders } from './client-folders.ts'
import { meant, type Named, type Repositories } from './repositories.ts'
import { failureOf } from './say-failure.ts'

const START = 'repose://summary/'
const MOST_FOLDERS = 200
const MARKDOWN = 'text/markdown'

/** Summaries of each repository and of its folders, as resources: repose://summary/shop, repose://summary/shop/src/formatters. */
export function addSummaries(
  server: McpServer,
  repositories: Repositories,
  folders: ClientFolders,
  onBug: (error: unknown) => void,
): void {
  const list = async () => {
    const served = await repositories.of(folders.now).catch(() => [])
    return { resources: (await Promise.all(served.map(resourcesOf))).flat() }
  }
  const read = async (uri: URL, signal: AbortSignal) => {
    const [name = '', ...parts] = partsOf(uri)
    const { repo } = meant(await repositories.of(folders.now), name)
    const subject = parts.filter(Boolean).join('/')
    const { result } = await repo.answer((index) => explainSubject(subject || '.', index), signal)
    if (!result) throw new UserError(`there is no ${subject} in ${name}`, 'resources/list names what there is')
    return { contents: [{ uri: uri.href, mimeType: MARKDOWN, text: await redactSecrets(result.text) }] }
  }
  const answer = (uri: URL, signal: AbortSignal) =>
    read(uri, signal).catch(async (error: unknown) => {
      throw new Error(await failureOf(error, signal, onBug))
    })
  const about = { description: 'What the repository, or a folder of it, is for.', mimeType: MARKDOWN }
  server.registerResource('repository', new ResourceTemplate(`${START}{repository}`, { list }), about, (uri, _, ctx) =>
    answer(uri, ctx.mcpReq.signal),
  )
  const below = new ResourceTemplate(`${START}{repository}/{+folder}`, { list: undefined })
  server.registerResource('folder', below, about, (uri, _, ctx) => answer(uri, ctx.mcpReq.signal))
}

async function resourcesOf({ name, repo }: Named) {
  const summarised = await repo.summarised(MOST_FOLDERS).catch(() => [])
  const addressed = summarised.map((folder) => trimEndOf(folder, '/')).filter(Boolean)
  return ['', ...addressed].map((folder) => ({
    uri: [START + encodeURIComponent(name), ...folder.split('/').filter(Boolean).map(encodeURIComponent)].join('/'),
    name: folder === '' ? name : `${name}/${folder}`,
    mimeType: MARKDOWN,
  }))
}

function partsOf({ href }: URL): readonly string[] {
  try {
    return href.slice(START.length).split('/').map(decodeURIComponent)
  } catch {
    throw new UserError(`${href} is no address of a summary`, 'resources/list names what there is')
  }
}
