import { implement } from '../../agents/library/implement.ts'
import type { ImplementResult } from '../../agents/library/options.ts'
import { RunningChange, type Waited } from '../../agents/mcp/running-change.ts'
import type { ServedRepo } from '../../agents/served/served-repo.ts'
import type { Config } from '../../src/config/read-config.ts'
import { Budget, type Limits } from '../../src/llm/budget.ts'
import { configuredLlm, noModel } from '../../src/llm/configured-llm.ts'
import { priceOf } from '../../src/llm/prices.ts'
import { unknownPrice } from '../../src/llm/unknown-price.ts'
import type { Llm } from '../../src/types.ts'

const LEAST_OUTPUT = 350 // tokens; an edit takes more

/** Implements requests of a server's clients, within limits that all of them share. */
export class Implementing {
  readonly #running: RunningChange<ImplementResult>
  readonly #budget: Budget

  /** waitMs: see RunningChange. */
  constructor(budget: Budget, waitMs: number) {
    this.#budget = budget
    this.#running = new RunningChange(waitMs)
  }

  /**
   * Implements a request as `repose implement` does, and applies the result to the working tree. The request is the text of another agent,
   * so it is trusted less: naming a protected path allows nothing, and checks run in a cage alone (see `onlyCaged`).
   */
  implement(
    repo: ServedRepo,
    request: string,
    signal: AbortSignal,
    say: (text: string) => void,
  ): Promise<Waited<ImplementResult>> {
    const work = (stop: AbortSignal, tell: (text: string) => void) =>
      repo.work(async ({ repo: opened, worktree, config }, store) => {
        const llm = this.#budget.limit(await modelOf(config))
        const place = { repo: opened, store, worktree, config, llm, signal: stop, isForeign: true, onlyCaged: true }
        return implement(request, { apply: true }, place, tell)
      }, stop)
    return this.#running.wait(JSON.stringify([repo.root, request]), work, signal, say)
  }

  /** Stops what is under way. It may still be ending. */
  stop(): void {
    this.#running.stop()
  }
}

/** Throws UserError if the configuration sets no model, or no price is known where money is limited. */
export async function openImplementing(config: Config, limits: Limits, waitMs: number): Promise<Implementing> {
  const { model } = await modelOf(config)
  const price = priceOf(model, config.prices, config.baseUrl)
  if (limits.usd !== undefined && !price) throw unknownPrice(model)
  return new Implementing(new Budget(limits, price, { leastOutput: LEAST_OUTPUT }), waitMs)
}

async function modelOf(config: Config): Promise<Llm> {
  const llm = await configuredLlm(config, 'awake')
  if (!llm) throw noModel(config)
  return llm
}
