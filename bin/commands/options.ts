import type { Option } from '../command.ts'

/** Options that several commands share. */
export const JSON_OPTION: Option = { flags: '--json', text: 'print one JSON document' }
export const MODEL_OPTION: Option = {
  flags: '--model <name>',
  text: 'the model, as the endpoint names it (default: configuration, REPOSE_MODEL)',
}
