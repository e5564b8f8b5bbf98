import type * as z from 'zod'
import { UserError } from '../errors.ts'
import { limitedFetch } from '../network/limited-fetch.ts'

/** The host answered with a status of 400 or above. */
export class HostRefused extends UserError {
  readonly status: number

  constructor(host: string, what: string, status: number, said: string) {
    super(`${host} refused to ${what} (${status}${said === '' ? '' : `: ${said}`})`, fixOf(host, status), {
      exitCode: 1,
    })
    this.status = status
  }
}

const TIMEOUT_MS = 30_000

/** fetch for the calls of a host: an answer of at most 10 MB within 30 seconds, and no redirect. */
export function hostFetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const late = AbortSignal.timeout(TIMEOUT_MS)
  return limitedFetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, late]) : late })
}

/** What a host answered, as this shape. what: what was asked, as in 'list comments'. Throws UserError for another shape. */
export function answerOf<Shape>(schema: z.ZodType<Shape>, answer: unknown, host: string, what: string): Shape {
  const { data, success } = schema.safeParse(answer)
  if (success) return data
  throw new UserError(
    `${host} answered something else when asked to ${what}`,
    'see whether the address of its API is right',
    { exitCode: 1 },
  )
}

/** No answer at all. */
export function unreachable(host: string, what: string, cause: unknown): UserError {
  const { message, cause: inner } = cause as Error
  const why = inner instanceof Error ? inner.message : message
  return new UserError(`${host} could not be asked to ${what}: ${why.split('\n')[0]}`, 'run the job again', {
    exitCode: 1,
    cause,
  })
}

function fixOf(host: string, status: number): string {
  if (status === 401) return 'give the job a token that is valid'
  if (status === 403 || status === 404) return `give the token of the job the rights that docs/ci.md lists for ${host}`
  return 'run the job again'
}
