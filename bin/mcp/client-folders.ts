import { fileURLToPath } from 'node:url'
import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'

const KEY = 'roots'
const ROOTS_MS = 5000

/**
 * The folders that a client works in: its roots if it has some, else the folder that the server was started in. One for each connection;
 * they are asked for once, and again when the client says that they have changed.
 */
export class ClientFolders {
  readonly #started: string
  readonly #usesRoots: boolean
  #known: readonly string[] | null = null

  constructor(started: string, usesRoots: boolean) {
    this.#started = started
    this.#usesRoots = usesRoots
  }

  /** As far as they are known now. */
  get now(): readonly string[] {
    return this.#known ?? [this.#started]
  }

  forget(): void {
    this.#known = null
  }

  /** The folders, or what the client has to be asked first: newer protocols ask in the reply to the call. */
  async of(
    server: Server,
    era: 'legacy' | 'modern',
    { mcpReq }: ServerContext,
  ): Promise<readonly string[] | InputRequiredResult> {
    // a newer client says with each request what it can
    const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined
    const can = era === 'legacy' ? server.getClientCapabilities() : envelope?.[CLIENT_CAPABILITIES_META_KEY]
    const hasRoots = this.#usesRoots && (can as { roots?: object } | undefined)?.roots !== undefined
    if (this.#known || !hasRoots) return this.now
    if (era === 'legacy') return this.#ask(server, mcpReq.signal)
    const answer = inputResponse(mcpReq.inputResponses, KEY)
    if (answer.kind === 'roots') return this.#learn(answer.roots)
    if (mcpReq.inputResponses) return this.#learn([])
    return inputRequired({ inputRequests: { [KEY]: inputRequired.listRoots() } })
  }

  /** The folders of a client that has just connected by an older protocol. */
  async first(server: Server): Promise<readonly string[]> {
    const hasRoots = this.#usesRoots && server.getClientCapabilities()?.roots !== undefined
    return hasRoots ? this.#ask(server) : this.now
  }

  async #ask(server: Server, signal?: AbortSignal): Promise<readonly string[]> {
    // a client that says it has roots and does not answer is served all the same
    const listed = await server.listRoots(undefined, { timeout: ROOTS_MS, ...(signal && { signal }) }).catch(() => null)
    signal?.throwIfAborted()
    return this.#learn(listed?.roots ?? [])
  }

  #learn(roots: readonly { readonly uri: string }[]): readonly string[] {
    const folders = roots.flatMap(({ uri }) => folderOf(uri))
    this.#known = folders.length > 0 ? folders : [this.#started]
    return this.#known
  }
}

function folderOf(uri: string): string[] {
  try {
    const folder = fileURLToPath(uri)
    return folder.includes('\0') ? [] : [folder]
  } catch {
    return [] // another scheme, or no address
  }
}
