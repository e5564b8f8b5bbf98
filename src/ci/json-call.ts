import { parseJson } from '../text/parse-json.ts'
import { HostRefused, hostFetch, unreachable } from './host-call.ts'

export interface JsonCaller {
  readonly host: string
  /** Address of the API, without a slash at its end. */
  readonly api: string
  readonly headers: Readonly<Record<string, string>>
}

export type JsonCall = (what: string, method: string, path: string, body?: object) => Promise<unknown>

/** Calls of an API that speaks JSON. Throws UserError for what the host refuses, and if there is no answer. */
export function jsonCall({ host, api, headers }: JsonCaller): JsonCall {
  return async (what, method, path, body) => {
    let response: Response
    let text: string
    try {
      response = await hostFetch(`${api}${path}`, {
        method,
        headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      text = await response.text()
    } catch (error) {
      throw unreachable(host, what, error)
    }
    if (!response.ok) throw new HostRefused(host, what, response.status, messageIn(text))
    if (text === '') return null
    try {
      return parseJson(text, MOST_VALUES)
    } catch (error) {
      throw unreachable(host, what, error)
    }
  }
}

const LONGEST = 200 // characters
const MOST_VALUES = 100_000 // a page of 100 comments has a few thousand

/** The message of a refusal: {"message": ...} of GitLab, {"error": {"message": ...}} of Bitbucket; '' if it has none. */
function messageIn(text: string): string {
  try {
    const { message, error } = parseJson(text) as { message?: unknown; error?: { message?: unknown } }
    const said = error?.message ?? message
    return said === undefined ? '' : JSON.stringify(said).replace(/^"|"$/g, '').slice(0, LONGEST)
  } catch {
    return ''
  }
}
