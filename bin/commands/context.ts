import type { Pack } from '../../src/pack/lay-out-pack.ts'
import type { Request } from '../../src/request/read-request.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import type { Command, Values } from '../command.ts'
import { plural } from '../format.ts'
import { paintCode, paintFiles } from '../paint/pack.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION, limitOptions, MODEL_OPTION, RECORD_OPTIONS } from './options.ts'

const SELECT_TOKENS = 10_000 // a look is 1,500 tokens, one repair of its reply the same, and some models think before they reply
const LEAST_OUTPUT = 50 // tokens: a few numbers

const SELECT_LIMITS = limitOptions(
  `with --select: tokens that the look may use (default: ${SELECT_TOKENS})`,
  'with --select: US dollars that it may cost',
).map((option) => (option.kind === 'integer' ? { ...option, flags: '--select-tokens <n>' } : option))

const MOST_WORDS = 8 // listed in a remark

export const context: Command = {
  name: 'context',
  summary: 'print the pack for a feature request (no model or network without --select)',
  details:
    'The pack has the usual changes for such a request (after a first repose sleep), the files that are likely to change with the evidence for each, outlines, and the likeliest definitions. A draft or a plan of the backlog for the same request comes first. It never exceeds its token budget. Evidence quotes words of the request; a file may have another form of them (order for _order, sets for setting). The tool `prepare_change` of repose mcp gives the same, with a number for each file.',
  argument: {
    name: 'request',
    text: 'the feature request: a title, and more lines if you like ("-" reads standard input)',
  },
  options: [
    {
      flags: '--budget-tokens <n>',
      text: 'tokens of the pack, counted as o200k_base does (default: 2000), such as 2k',
      kind: 'integer',
    },
    {
      flags: '--select',
      text: 'let the model look once at the ranked list (at most 1,500 tokens) and name the files to modify',
    },
    ...SELECT_LIMITS,
    ...RECORD_OPTIONS,
    MODEL_OPTION,
    JSON_OPTION,
  ],
  examples: [
    'repose context "Add a CSV output format"',
    'repose context "Add a CSV output format" --select',
    'repose context "Add a CSV output format" --json | jq -r ".files[].path"',
    'gh issue view 12 | repose context -',
  ],
  async run(wire, argument, values) {
    if (values.selectTokens !== undefined && !values.select) {
      const { UserError } = await import('../../src/errors.ts')
      throw new UserError('--select-tokens goes with --select', 'add --select, or leave --select-tokens out')
    }
    const { requestText } = await import('../request-text.ts')
    const text = await requestText(argument, wire.signal)
    const [index, { preparedPack }, { contextAsJson }, { readRequest }] = await Promise.all([
      import('../index-of.ts').then(({ indexOf }) => indexOf(wire)),
      import('../../agents/served/prepared-pack.ts'),
      import('../../agents/served/context-json.ts'),
      import('../../src/request/read-request.ts'),
    ])
    const request = readRequest(text)
    const budgetTokens = (values.budgetTokens as number | undefined) ?? index.packTokens
    const looks: Awaited<ReturnType<typeof select>>[] = []
    const choose = async (ranked: readonly RankedFile[]) => {
      const look = await select(wire, values, request, ranked)
      looks.push(look)
      return look.files
    }
    const made = await preparedPack(request, index, { budgetTokens, ...(values.select ? { choose } : {}) })
    const { pack, before, after, isTooSmall } = made
    const [selection] = looks
    if (selection?.problem && selection.fix)
      wire.sayFailure(`the model named no files (${selection.problem}); this is the ranking alone`, selection.fix)
    const code = selection?.isOutOfBudget ? 3 : selection?.problem || isTooSmall ? 1 : 0
    sayHowLittleIsKnown(wire, pack)
    if (isTooSmall) wire.sayFailure(`no file fits into ${plural(budgetTokens, 'token')}`, 'raise --budget-tokens')
    if (wire.flags.json) wire.printJson(contextAsJson(text, index.repo.head, budgetTokens, made))
    else {
      if (before !== '') wire.printWhole(before)
      if (pack.text !== '') printPack(wire, pack.text)
      if (after !== '') wire.print(after.slice(1))
    }
    return code
  },
}

/** On a terminal, files and evidence are broken between words; code is not. */
function printPack(wire: Wire, text: string): void {
  const code = text.search(/^## .*, lines \d+-\d+$/m)
  const about = code === -1 ? text : text.slice(0, code)
  if (about !== '') wire.print(about, paintFiles)
  if (code !== -1) wire.printWhole(text.slice(code), paintCode)
}

function sayHowLittleIsKnown(wire: Wire, { files, isSpokenOf, unknownWords }: Pack): void {
  if (files.every(({ isGuess }) => isGuess)) wire.say('nothing in this repository speaks of the request')
  else if (!isSpokenOf && !wire.flags.json) {
    const words = unknownWords.slice(0, MOST_WORDS).join(', ')
    wire.say(`little in this repository speaks of the request${words && `: no file holds ${words}`}`)
  }
}

async function select(wire: Wire, values: Values, request: Request, files: readonly RankedFile[]) {
  const [{ selectFiles }, { modelFor }, { limited, limitsIn }] = await Promise.all([
    import('../../agents/feature/select-files.ts'),
    import('../model-for.ts'),
    import('../limits.ts'),
  ])
  const asked = (await modelFor(wire, 'awake', values)) ?? (await wire.llm('awake'))
  const tokens = (values.selectTokens as number | undefined) ?? SELECT_TOKENS
  const { llm, budget } = await limited(wire, asked, { ...limitsIn(values), tokens }, LEAST_OUTPUT)
  const { store, worktree } = await wire.facts()
  const recorded = values.replay !== undefined
  const selection = await selectFiles(request, files, { store, worktree, llm, signal: wire.signal, recorded })
  const isOutOfBudget = budget.refused
  return { ...selection, fix: isOutOfBudget ? 'raise --select-tokens or --max-usd' : selection.fix, isOutOfBudget }
}
