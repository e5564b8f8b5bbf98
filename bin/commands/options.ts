import type { Option } from '../command.ts'

/** Options that several commands share. */
export const JSON_OPTION: Option = { flags: '--json', text: 'print one JSON document' }
export const MODEL_OPTION: Option = {
  flags: '--model <name>',
  text: 'the model, as the endpoint names it (default: configuration, REPOSE_MODEL)',
}

/** Of a repository with several projects. */
export const PATHS_OPTION: Option = {
  flags: '--paths <path...>',
  text: 'only what changed files in these folders lack: for a repository with several projects; also patterns such as "packages/*/src/**"',
  kind: 'list',
  env: 'REPOSE_PATHS',
}

const BUDGET = { flags: '--budget-tokens <n>', kind: 'integer', env: 'REPOSE_BUDGET_TOKENS' } as const

/** Spending limits of a command that calls a model. text: whose tokens or money is meant. */
export function limitOptions(ofTokens: string, ofMoney: string): readonly Option[] {
  return [
    {
      ...BUDGET,
      text: `${ofTokens}, input plus output, such as 30k; a call that would exceed it is not made`,
    },
    {
      flags: '--max-usd <x>',
      text: `${ofMoney}, such as 0.50; the price of the model must be known`,
      kind: 'number',
      env: 'REPOSE_MAX_USD',
    },
  ]
}

/** For demonstrations, tests and bug reports: a model's replies, recorded and replayed. */
export const RECORD_OPTIONS: readonly Option[] = [
  { flags: '--record <file>', text: 'record the replies of the model', takes: 'file' },
  { flags: '--replay <file>', text: 'replay recorded replies; no model is called', takes: 'file' },
]
