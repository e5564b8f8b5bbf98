import { type Flag, listResults, type Value, type Words } from './words.ts'

/** A completion script for zsh: a file _repose in fpath, or sourced after compinit. */
export function zshCompletion({ verbs, flags }: Words): string {
  return `#compdef repose
# Completion of repose for zsh: source it behind compinit, as in  source <(repose completion zsh)
# or put it as _repose into a folder of fpath.

_repose() {
  local curcontext=$curcontext state line
  local -a global
  global=(
${flags.map((flag) => `    ${specOf(flag)}\n`).join('')}  )
  _arguments -C -S $global '1:command:_repose_commands' '*::argument:->argument'
  [[ $state == argument ]] || return
  case $line[1] in
${verbs
  .map(({ name, flags: own, argument }) => {
    const words = argument ? [`'*:${name === 'help' ? 'command' : 'argument'}:${actionOf(argument)}'`] : []
    return `    ${name}) _arguments -S $global ${[...own.map(specOf), ...words].join(' ')} ;;\n`
  })
  .join('')}  esac
}

_repose_commands() {
  local -a commands
  commands=(
${verbs.map(({ name, text }) => `    ${quote(`${name}:${text}`)}\n`).join('')}  )
  _describe command commands
}

_repose_results() {
  local -a runs
  runs=(\${(f)"$(${listResults()})"})
  _alternative 'runs:run:($runs)' 'files:diff file:_files'
}

if [[ $funcstack[1] == _repose ]]; then _repose "$@"; else compdef _repose repose; fi
`
}

/** '(-q --quiet)'{-q,--quiet}'[text]', with its value. */
function specOf({ names, text, value, isRepeatable }: Flag): string {
  const said = `[${text.replace(/[[\]\\:]/g, '\\$&')}]${value ? `:value:${actionOf(value)}` : ''}`
  const once = isRepeatable ? '*' : names.length > 1 ? `(${names.join(' ')})` : ''
  if (names.length === 1) return quote(`${once}${names[0]}${said}`)
  return `${once === '' ? '' : quote(once)}{${names.join(',')}}${quote(said)}`
}

function actionOf(value: Value): string {
  if (value.kind === 'words') return `(${value.words.join(' ')})`
  if (value.kind === 'file') return '_files'
  if (value.kind === 'folder') return '_files -/'
  return value.kind === 'result' ? '_repose_results' : ' '
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
