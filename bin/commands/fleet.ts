import { resolve } from 'node:path'
import { workIn } from '../../src/repo/trees-around.ts'
import type { Command, ExitCode, Values } from '../command.ts'
import { count, plural, table } from '../format.ts'
import type { Wire } from '../wire.ts'

const FORMATS = ['text', 'github', 'gitlab', 'json'] as const
const MOST_SHOWN = 30
const AT_ONCE = 4

export const fleet: Command = {
  name: 'fleet',
  summary: 'divide the tokens of a night over many repositories, as jobs of CI',
  details:
    'plan reads a list of repositories, one a line: a path of a clone, or an address, followed by facts if you know some (commits=40 of the last 30 days, waiting=3 requests in the backlog, stale=120 files without a fresh summary, weight=2). Facts of a clone are read from it; for an unknown fact, the median of the others is used. The budget is divided so that the last token of every repository saves the same. The result is the matrix of a workflow of GitHub (at most 256 jobs) or a child pipeline of GitLab: docs/ci.md. Nothing is run.',
  argument: { name: 'action', text: 'plan', choices: ['plan'] },
  rest: { name: 'list', text: 'the file with the list', takes: 'file' },
  options: [
    {
      flags: '--budget <n>',
      text: 'tokens of the whole night, such as 20M',
      kind: 'integer',
      env: 'REPOSE_FLEET_BUDGET',
    },
    { flags: '--format <format>', text: 'text (default), github, gitlab or json', choices: FORMATS },
    {
      flags: '--jobs <n>',
      text: 'most jobs (default: 256 for github, else 1000); the repositories that are worth least wait for another night',
      kind: 'integer',
      least: 1,
    },
  ],
  examples: ['repose fleet plan repos.txt --budget 20M', 'repose fleet plan repos.txt --budget 20M --format github'],
  run: (wire, _action, values) => plan(wire, values),
}

type Plan = import('../../src/fleet/divide-budget.ts').FleetPlan
type Share = Plan['shares'][number]

async function plan(wire: Wire, values: Values): Promise<ExitCode> {
  const [{ divideBudget }, { gitHubMatrix, gitLabPipeline, MOST_OF_MATRIX }] = await Promise.all([
    import('../../src/fleet/divide-budget.ts'),
    import('../../src/fleet/job-matrix.ts'),
  ])
  const budgetTokens = await budgetIn(values)
  const repos = await reposIn(wire, (values.rest as readonly string[] | undefined) ?? [])
  const most = values.format === 'github' ? MOST_OF_MATRIX : 1000
  const mostJobs = Math.min((values.jobs as number | undefined) ?? most, most)
  const divided = divideBudget(repos, { budgetTokens, mostJobs })
  if (values.format === 'github') wire.printWhole(gitHubMatrix(divided.shares))
  else if (values.format === 'gitlab') wire.printExact(gitLabPipeline(divided.shares))
  else if (values.format === 'json') wire.printJson({ budgetTokens, ...divided })
  else say(wire, divided)
  const spent = divided.shares.reduce((sum, { tokens }) => sum + tokens, 0)
  const rest = `${plural(divided.resting.length, 'repository')} ${divided.resting.length === 1 ? 'rests' : 'rest'}`
  const left = divided.leftOut.length > 0 ? `, ${count(divided.leftOut.length)} wait for a job` : ''
  wire.say(`${plural(divided.shares.length, 'job')}, ${count(spent)} of ${count(budgetTokens)} tokens; ${rest}${left}`)
  return 0
}

function say(wire: Wire, { shares, resting }: Plan): void {
  if (shares.length + resting.length === 0) return
  const row = ({ repo, tokens, drafts, files }: Share) => [
    ...[count(tokens), count(drafts), count(files), count(repo.commits), count(repo.waiting), count(repo.stale)],
    `${repo.name}${repo.assumed.length > 0 ? ` (assumed: ${repo.assumed.join(', ')})` : ''}`,
  ]
  const head = ['tokens', 'drafts', 'files', 'commits', 'waiting', 'stale', 'repository']
  const rests = (repo: Plan['resting'][number]) => [
    ...['0', '0', '0', count(repo.commits), count(repo.waiting), count(repo.stale)],
    `${repo.name} (rests: ${whyItRests(repo)})`,
  ]
  const rows = [...shares.slice(0, MOST_SHOWN).map(row), ...resting.slice(0, MOST_SHOWN).map(rests)]
  wire.printWhole(table([head, ...rows]))
  if (shares.length > MOST_SHOWN) wire.say(`and ${count(shares.length - MOST_SHOWN)} more: --format json has them all`)
}

function whyItRests({ commits, waiting, stale }: Plan['resting'][number]): string {
  if (waiting + stale === 0) return 'nothing to draft or to summarise'
  return commits + waiting === 0
    ? 'no commit in 30 days and no request'
    : 'others are worth more, or it is worth too little'
}

async function budgetIn({ budget }: Values): Promise<number> {
  if (typeof budget === 'number') return budget
  const { UserError } = await import('../../src/errors.ts')
  throw new UserError('no budget is given', 'say how many tokens the night may use: --budget 20M')
}

async function reposIn(wire: Wire, words: readonly string[]) {
  const [{ UserError }, { readRegularText }, { readList }, { withTypicalFacts }, { lookAt }, { default: Queue }] =
    await Promise.all([
      import('../../src/errors.ts'),
      import('../../src/files/read-regular.ts'),
      import('../../src/fleet/read-list.ts'),
      import('../../src/fleet/with-typical-facts.ts'),
      import('../../agents/fleet/look-at.ts'),
      import('p-queue'),
    ])
  const [file, ...more] = words
  if (file === undefined || more.length > 0)
    throw new UserError('one list of repositories is needed', 'name the file: repose fleet plan repos.txt --budget 20M')
  const text = readRegularText(file, { maxBytes: 10_000_000, followLink: true })
  if (text === null) throw new UserError(`${file} cannot be read as a list`, 'name a file with a repository a line')
  const listed = readList(text)
  for (const { name } of listed) workIn(resolve(name)) // before a git starts in any of them
  const progress = wire.progress()
  const queue = new Queue({ concurrency: AT_ONCE })
  let done = 0
  const known = await queue.addAll(
    listed.map((one) => async () => {
      wire.signal.throwIfAborted()
      const facts = await lookAt(one, Date.now())
      progress.show(`looked at ${count(++done)} of ${plural(listed.length, 'repository')}`)
      return facts
    }),
  )
  progress.end()
  return withTypicalFacts(listed, known)
}
