import { type Flag, listResults, type Value, type Verb, type Words } from './words.ts'

/** A completion script for bash 3.2 or newer. */
export function bashCompletion({ verbs, flags }: Words): string {
  const takesValue = flags.filter(({ value }) => value).flatMap(({ names }) => names)
  return `# Completion of repose for bash: source it, as in  source <(repose completion bash)
_repose() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb= i
  local global="${namesOf(flags).join(' ')}"
  # bash takes --effort=low for three words
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${takesValue.join('|')}) ((i++)); [[ \${COMP_WORDS[i]} == = ]] && ((i++)) ;;
      -*) ;;
      *) verb=\${COMP_WORDS[i]}; break ;;
    esac
  done
  COMPREPLY=()
  case "$verb $prev" in
${verbs.flatMap((verb) => verb.flags.map((flag) => valueCase(`"${verb.name} "`, flag))).join('')}${flags.map((flag) => valueCase('*" "', flag)).join('')}  esac
  case $verb in
    '') _repose_words "${verbs.map(({ name }) => name).join(' ')} $global" ;;
${verbs.map(verbCase).join('')}  esac
}

_repose_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
  compopt +o default 2> /dev/null
}

# not by compgen -W, which runs what a word tells a shell to run: results may have come with the repository
_repose_results() {
  local one
  while read -r one; do
    [[ $one == "$cur"* ]] && COMPREPLY+=("$one")
  done < <(${listResults()})
}

complete -o default -F _repose repose
`
}

function namesOf(flags: readonly Flag[]): string[] {
  return flags.flatMap(({ names }) => names)
}

function valueCase(verb: string, { names, value }: Flag): string {
  if (!value) return ''
  return `    ${names.map((name) => `${verb}${name}`).join('|')}) ${offer(value)}; return ;;\n`
}

function verbCase({ name, flags, argument }: Verb): string {
  const options = `_repose_words "${namesOf(flags).join(' ')} $global"`
  if (!argument) return `    ${name}) ${options} ;;\n`
  return `    ${name}) if [[ $cur == -* ]]; then ${options}; else ${offer(argument)}; fi ;;\n`
}

function offer(value: Value): string {
  if (value.kind === 'words') return `_repose_words "${value.words.join(' ')}"`
  if (value.kind === 'file') return ':' // bash completes paths itself
  if (value.kind === 'folder') return 'compopt -o dirnames 2> /dev/null'
  if (value.kind === 'result') return '_repose_results'
  return '_repose_words ""'
}
