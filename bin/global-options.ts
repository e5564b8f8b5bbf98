import type { Option, Values } from './command.ts'
import type { When } from './paint/colours-wanted.ts'

/** Options of every command, before or after its name. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  {
    flags: '-C <dir>',
    text: 'run as if started in this folder, like git; repeatable, each relative to the one before',
    kind: 'list',
    takes: 'folder',
  },
  { flags: '--repo <dir>', text: 'the repository (default: the one that holds this folder)', takes: 'folder' },
  { flags: '--db <file>', text: 'the database (default: in the git folder)', takes: 'file' },
  { flags: '-q, --quiet', text: 'print only results and errors' },
  { flags: '-v, --verbose', text: 'print what is being done, and how long it takes' },
  {
    flags: '--color <when>',
    text: 'auto, always or never (default: auto: on a terminal, unless NO_COLOR is set; FORCE_COLOR applies too)',
    choices: ['auto', 'always', 'never'],
  },
]

export interface Globals {
  readonly repo: string
  readonly db: string | undefined
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: When
}

/** The values of these options, except -C. */
export function globalsIn({ repo, db, quiet, verbose, color }: Values): Globals {
  return {
    repo: typeof repo === 'string' ? repo : '.',
    db: typeof db === 'string' ? db : undefined,
    quiet: quiet === true,
    verbose: verbose === true,
    color: color === 'always' || color === 'never' ? color : 'auto',
  }
}
