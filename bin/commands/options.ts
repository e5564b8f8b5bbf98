import type { Option } from '../command.ts'

/** Options that several commands share. */
export const JSON_OPTION: Option = { flags: '--json', text: 'print one JSON document' }
export const MODEL_OPTION: Option = {
  flags: '--model <name>',
  text: 'the model, as the endpoint names it (default: configuration, REPOSE_MODEL)',
}

/** For demonstrations, tests and reports of a bug: the replies of a model, kept and played again. */
export const RECORD_OPTIONS: readonly Option[] = [
  { flags: '--record <file>', text: 'keep the replies of the model in a recording' },
  { flags: '--replay <file>', text: 'take the replies from a recording: no model is asked' },
]
