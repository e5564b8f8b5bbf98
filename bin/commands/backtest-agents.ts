import { AGENT_ARMS, ARM_TEXT } from '../../agents/plain/arm-names.ts'
import type { AgentsReport } from '../../src/backtest/agents/agents-report.ts'
import type { PastFacts } from '../../src/backtest/run-backtest.ts'
import type { PastFeature } from '../../src/history/mine-features.ts'
import type { Values } from '../command.ts'
import { count, plural, usd } from '../format.ts'
import type { Wire } from '../wire.ts'

export interface AgentPlan {
  /** Prints how many runs there will be, with which model, and what they may cost. */
  announce(features: readonly PastFeature[], titleOnly: boolean): Promise<void>
  run(options: {
    readonly features: readonly PastFeature[]
    readonly titleOnly: boolean
    readonly facts: PastFacts
    readonly signal: AbortSignal
    readonly onProgress: (text: string) => void
  }): Promise<AgentsReport>
}

const STEPS = '24'

/**
 * The plan of the arms among `names` that need a model; null if none does. Does not call the model yet. Throws UserError for options of
 * agents without such an arm, without a model, for invalid step budgets, and for --max-usd if the price is unknown.
 */
export async function planAgents(wire: Wire, names: readonly string[], values: Values): Promise<AgentPlan | null> {
  const [{ runAgentArm }, { promptVersion }, { agentsReportOf }, { runAgents, runsOf }, { backtestLedger }] =
    await Promise.all([
      import('../../agents/plain/arms.ts'),
      import('../../agents/plain/prompt-version.ts'),
      import('../../src/backtest/agents/agents-report.ts'),
      import('../../src/backtest/agents/run-agents.ts'),
      import('../../src/store/ledger.ts'),
    ])
  const chosen = AGENT_ARMS.filter((arm) => names.includes(arm))
  if (chosen.length === 0) {
    await refuseOptions(values)
    return null
  }
  const steps = await stepBudgets(String(values.steps ?? STEPS))
  const { llm, budget, fatal } = await limitedModel(wire, chosen, values)
  const recorded = values.replay !== undefined
  const [store, repo, { maxFileBytes }] = [await wire.store(), await wire.repo(), await wire.config()]
  const arms = chosen.map((id) => ({ id, text: ARM_TEXT[id], prompt: promptVersion(id) }))
  const find: typeof store.backtests.findRun = (key) => (values.again ? null : store.backtests.findRun(key))
  const asked = { arms, steps, model: llm.model, recorded, find }

  return {
    async announce(features, titleOnly) {
      const runs = runsOf({ ...asked, features, titleOnly })
      const known = runs.filter((run) => run.known).length
      const size = `${plural(features.length, 'task')} x ${plural(arms.length, 'arm')} x ${plural(steps.length, 'step budget')} = ${plural(runs.length, 'run')}`
      wire.say(`agents: ${size} on ${llm.model}${recorded ? ', replayed from a recording: nothing is paid' : ''}`)
      if (known > 0) wire.say(`${count(known)} of them are stored already and not paid for again (--again does)`)
      if (values.budgetTokens !== undefined) wire.say(`limit: ${count(Number(values.budgetTokens))} tokens`)
      if (values.maxUsd !== undefined) wire.say(`limit: ${usd(Number(values.maxUsd))}`)
    },
    async run({ features, titleOnly, facts, signal, onProgress }) {
      const outcome = await runAgents({
        ...asked,
        features,
        titleOnly,
        facts,
        signal,
        onProgress,
        save: (run) => store.backtests.saveRun(run),
        run: (id, most, request, base, past) =>
          runAgentArm(chosen.find((one) => one === id)!, request, {
            repo,
            ...past,
            llm,
            at: base,
            ledger: backtestLedger(store.ledger),
            steps: most,
            budgetTokens: Number.POSITIVE_INFINITY, // llm has the budget of the whole backtest
            signal,
            maxFileBytes,
            recorded,
          }),
        isOver() {
          const reason = fatal()
          if (reason !== null) return { stop: 'model-failed', reason }
          if (!budget.refused) return null
          const { inputTokens, outputTokens, usd: paid } = budget.spent
          return {
            stop: 'out-of-budget',
            reason: `${count(inputTokens + outputTokens)} tokens${paid === null ? '' : `, ${usd(paid)}`} spent`,
          }
        },
      })
      const planned = features.length * arms.length * steps.length
      return agentsReportOf(outcome, arms, { model: llm.model, recorded, planned })
    },
  }
}

const LEAST_OUTPUT = 200 // tokens, for a step of the plain agent

// Without agents nothing is spent, so limits on spending are accepted.
const OF_AGENTS = {
  steps: '--steps',
  again: '--again',
  record: '--record',
  replay: '--replay',
}

/** Options that only matter with agents. */
async function refuseOptions(values: Values): Promise<void> {
  const given = Object.entries(OF_AGENTS).flatMap(([name, flag]) => (values[name] === undefined ? [] : [flag]))
  if (given.length === 0) return
  const { UserError } = await import('../../src/errors.ts')
  throw new UserError(
    `${given.join(', ')} ${given.length === 1 ? 'is' : 'are'} for agents, and no --arm names one`,
    `add --arm plain-agent or --arm agent-auto, or leave ${given.length === 1 ? 'it' : 'them'} out`,
  )
}

async function stepBudgets(text: string): Promise<number[]> {
  const steps = text.split(',').map(Number)
  if (steps.every((one) => Number.isSafeInteger(one) && one >= 1)) return [...new Set(steps)].sort((a, b) => a - b)
  const { UserError } = await import('../../src/errors.ts')
  throw new UserError(
    `--steps takes whole numbers from 1 up, not '${text}'`,
    'give the step budgets as in --steps 4,8,24',
  )
}

/**
 * The model of the command, which makes no call that would exceed the limits. fatal: why the endpoint will answer no call, once it has
 * said so.
 */
async function limitedModel(wire: Wire, arms: readonly string[], values: Values) {
  const [{ modelFor }, { limitsIn, priceFor }, { Budget }, { UserError }, { reasonInFull }] = await Promise.all([
    import('../model-for.ts'),
    import('../limits.ts'),
    import('../../src/llm/budget.ts'),
    import('../../src/errors.ts'),
    import('../../agents/sleep/sleep-report.ts'),
  ])
  const asked = await modelFor(wire, 'awake', values)
  if (!asked)
    throw new UserError(
      `${arms.join(' and ')} cannot run without a model, and none is set`,
      'set OPENAI_API_KEY (or OPENAI_BASE_URL for a local server) and REPOSE_MODEL, or leave these arms out',
    )
  const limits = limitsIn(values)
  const budget = new Budget(limits, await priceFor(wire, asked, limits), { leastOutput: LEAST_OUTPUT })
  const limited = values.replay ? asked : budget.limit(asked)
  let fatal: string | null = null
  const llm: typeof asked = {
    model: asked.model,
    async complete(request, signal) {
      const reply = await limited.complete(request, signal)
      if (reply.failure === 'fatal')
        fatal ??= reasonInFull({ reason: reply.message ?? 'the endpoint refuses', fix: reply.fix ?? null })
      return reply
    },
  }
  return { llm, budget, fatal: () => fatal }
}
