import { RUN_TOKENS } from '../../src/config/defaults.ts'
import type { Config } from '../../src/config/read-config.ts'
import { allowedPaths } from '../../src/edit/allowed-paths.ts'
import { UserError } from '../../src/errors.ts'
import { priceOf } from '../../src/llm/prices.ts'
import { unknownPrice } from '../../src/llm/unknown-price.ts'
import { applyKept } from '../../src/repo/apply-kept.ts'
import { commitToBranch, requireNewBranch } from '../../src/repo/apply-result.ts'
import type { Repo } from '../../src/repo/open-repo.ts'
import { type KeptResult, keepResult, saveResult } from '../../src/repo/results.ts'
import type { Store } from '../../src/store/open-store.ts'
import type { Llm } from '../../src/types.ts'
import { type FeatureResult, implementRequest } from '../feature/agent.ts'
import { checksFor } from '../feature/checks-for.ts'
import type { ImplementOptions, ImplementResult } from './options.ts'

export interface ImplementPlace {
  readonly repo: Repo
  readonly store: Store
  readonly worktree: number
  readonly config: Config
  readonly llm: Llm
  readonly signal: AbortSignal
  /** For the request of another agent: see RunOptions and CheckingOptions. */
  readonly isForeign?: boolean
  readonly onlyCaged?: boolean
}

/** Implements a request as `repose implement` does, without asking anybody. Throws UserError before anything is paid. */
export async function implement(
  words: string,
  options: ImplementOptions,
  { config, ...place }: ImplementPlace,
  onProgress: (text: string) => void,
): Promise<ImplementResult> {
  const { repo, llm } = place
  const { branch, apply = false, maxUsd } = options
  if (branch !== undefined && apply) throw new UserError('apply and branch exclude each other', 'leave one of them out')
  if (branch !== undefined) await requireNewBranch(repo, branch)
  const price = priceOf(llm.model, config.prices, config.baseUrl)
  if (maxUsd !== undefined && !price) throw unknownPrice(llm.model)
  const { commands: checks, untrusted: untrustedChecks } = checksFor(config, repo, options.checks)
  const { checkTimeoutMs, cage, maxFileBytes } = config
  const run = {
    ...place,
    ...{ checks, checkTimeoutMs, cage, maxFileBytes, price, maxUsd, onProgress },
    effort: options.effort ?? 'auto',
    allowed: allowedPaths(repo.root, options.allow ?? []),
    goOn: async () => options.mend === true,
    budgetTokens: options.budgetTokens ?? RUN_TOKENS,
    ...(options.confirm ? { confirm: options.confirm } : {}),
  }
  return implementRequest(words, run, async (result, { head }) => {
    const { diff, request, run: number } = result
    const kept = diff === '' ? null : await keepResult(repo.commonDir, { diff, run: number, request })
    const isDelivered = kept !== null && result.stop === 'done'
    const end: Delivery =
      result.stop !== 'done'
        ? { ...NOWHERE, error: result.reason, fix: result.fix }
        : isDelivered && branch !== undefined
          ? await toBranch(result, kept, { repo, head, branch })
          : isDelivered && apply
            ? await toTree(diff, kept, repo)
            : NOWHERE
    return { ...result, untrustedChecks, ...end }
  })
}

type Delivery = Pick<ImplementResult, 'branch' | 'applied' | 'error' | 'fix'>

const NOWHERE: Delivery = { branch: null, applied: null, error: null, fix: null }

async function toTree(diff: string, kept: KeptResult, repo: Repo): Promise<Delivery> {
  const end = await applyKept(repo, kept, diff, { merge: false })
  if (end.status === 'nothing') return NOWHERE
  if (end.status === 'applied') return { ...NOWHERE, applied: `applied to ${end.files.join(', ')}` }
  const error = `the working tree has changed meanwhile (${end.files.join(', ')}); nothing was applied`
  return { ...NOWHERE, error, fix: `repose apply ${kept.run ?? kept.id} merges it with what is there now` }
}

async function toBranch(
  { diff, request }: FeatureResult,
  kept: KeptResult,
  { repo, head, branch }: { readonly repo: Repo; readonly head: string; readonly branch: string },
): Promise<Delivery> {
  const end = await commitToBranch(repo, { head, diff }, branch, request, async () => kept.diffPath)
  if (end.status === 'nothing') return NOWHERE
  if (end.status !== 'committed')
    return { ...NOWHERE, error: end.message, fix: `repose apply ${kept.run ?? kept.id} --branch NAME commits it` }
  await saveResult({ ...kept, state: 'committed' })
  return { ...NOWHERE, branch, applied: `committed to ${branch} (${end.commit.slice(0, 10)})` }
}
