import { setImmediate } from 'node:timers/promises'

/** Maximum response to one request: a reply of 32,000 tokens has about 150,000 characters, and a stream adds 200 bytes to each token. */
export const MOST_BODY = 10_000_000 // bytes

/** The body of a response is larger than any request can need. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/**
 * fetch with a limit: the response body fails with BodyTooLarge above 10 MB, after decompression. Event streams are passed on line by
 * line, because their parser rescans an incomplete event with each piece; they fail above 200,000 lines, or if their parser would scan too much.
 * (Node limits headers to 16 kB.) Follows no redirect: a request holds the user's code, and only the user says who gets it.
 */
export async function limitedFetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'manual' })
  const { body, status, statusText, headers } = response
  if (!body) return response
  const isEvents = headers.get('content-type')?.includes('event-stream') ?? false
  const limited = body.pipeThrough(limit())
  return new Response(isEvents ? limited.pipeThrough(byLine()) : limited, { status, statusText, headers })
}

type Bytes = TransformStream<Uint8Array, Uint8Array>

function limit(): Bytes {
  let bytes = 0
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length
      if (bytes > MOST_BODY) throw new BodyTooLarge(`more than ${MOST_BODY / 1e6} MB`)
      controller.enqueue(chunk)
    },
  })
}

const NEW_LINE = 10
const RETURN = 13
const END = Uint8Array.of(NEW_LINE)
const MOST_LINES = 200_000 // an event has two, and each token is an event
const MOST_SCANNED = 200_000_000 // bytes, by the parser; an event of two lines is scanned twice
const LINES_AT_ONCE = 1000 // then other callbacks run, such as signal handlers

/** Each chunk that leaves it is one line. Each line ending becomes a line feed. */
function byLine(): Bytes {
  let begun: Uint8Array[] = []
  let lines = 0
  let scanned = 0
  let event = 0 // bytes of the event that is not complete yet
  let isAfterReturn = false
  const endLine = (part: Uint8Array) => {
    const line = Buffer.concat([...begun, part, END])
    begun = []
    event += line.length
    scanned += event
    if (++lines > MOST_LINES) throw new BodyTooLarge(`more than ${MOST_LINES} lines`)
    if (scanned > MOST_SCANNED) throw new BodyTooLarge('an event of many long lines')
    if (line.length === 1) event = 0
    return line
  }
  return new TransformStream({
    async transform(chunk, controller) {
      let from = 0
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at]
        if (byte !== NEW_LINE && byte !== RETURN) continue
        const isRest = byte === NEW_LINE && isAfterReturn && at === from && begun.length === 0
        if (!isRest) controller.enqueue(endLine(chunk.subarray(from, at)))
        isAfterReturn = byte === RETURN
        from = at + 1
        if (lines % LINES_AT_ONCE === 0) await setImmediate()
      }
      if (from < chunk.length) begun.push(chunk.subarray(from))
    },
    flush(controller) {
      if (begun.length > 0) controller.enqueue(Buffer.concat(begun))
    },
  })
}
