/** Work that has begun: await its result, and iterate over its progress with `for await`, if you like. */
export type Running<Progress, Result> = Promise<Result> & AsyncIterable<Progress>

const MOST_WAITING = 1000 // of an iteration that is slower than the work; the oldest are left out

/**
 * Starts work that reports its progress. An iteration gets the reports from its own beginning on, and ends with the work: if that fails,
 * it throws the same error. Leaving an iteration early does not stop the work; its signal does.
 */
export function running<Progress, Result>(
  work: (tell: (progress: Progress) => void) => Promise<Result>,
): Running<Progress, Result> {
  const iterations = new Set<Iteration<Progress>>()
  const result = Promise.resolve().then(() =>
    work((progress) => {
      for (const iteration of iterations) iteration.add(progress)
    }),
  )
  const ended = result.then(
    () => null,
    (error: unknown) => ({ error }),
  )
  return Object.assign(result, {
    [Symbol.asyncIterator](): AsyncIterableIterator<Progress> {
      const iteration = new Iteration<Progress>()
      iterations.add(iteration)
      void ended.then((failure) => iteration.end(failure))
      return iteration.read(() => iterations.delete(iteration))
    },
  })
}

class Iteration<Progress> {
  #waiting: Progress[] = []
  #end: { readonly failure: { readonly error: unknown } | null } | null = null
  #wake = () => {}

  add(progress: Progress): void {
    this.#waiting.push(progress)
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift()
    this.#wake()
  }

  end(failure: { readonly error: unknown } | null): void {
    this.#end = { failure }
    this.#wake()
  }

  async *read(leave: () => void): AsyncGenerator<Progress, void> {
    try {
      for (;;) {
        while (this.#waiting.length > 0) yield this.#waiting.shift()!
        if (this.#end?.failure) throw this.#end.failure.error
        if (this.#end) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    } finally {
      leave()
    }
  }
}
