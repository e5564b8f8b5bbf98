import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

/**
 * The same bytes, line by line, with a turn of the event loop after each. The SDK handles all messages that have arrived before it lets a signal
 * through: of a client that floods the server, that takes longer than anybody waits after Ctrl-C.
 */
export function lineByLine(input: Readable): Readable {
  return Readable.from(linesOf(input), { objectMode: false })
}

async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; ) {
      const end = chunk.indexOf('\n', at) + 1 || chunk.length
      yield chunk.subarray(at, end)
      at = end
      await setImmediate()
    }
  }
}
