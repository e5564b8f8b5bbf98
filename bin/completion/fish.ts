import { type Flag, listResults, type Value, type Words } from './words.ts'

/** A completion script for fish: ~/.config/fish/completions/repose.fish. */
export function fishCompletion({ verbs, flags }: Words): string {
  const takesValue = flags.filter(({ value }) => value).flatMap(({ names }) => names)
  return `# Completion of repose for fish: repose completion fish > ~/.config/fish/completions/repose.fish
function __repose_verb
  set -l skip 0
  for word in (commandline -opc)[2..]
    if test $skip -eq 1
      set skip 0
    else if contains -- $word ${takesValue.join(' ')}
      set skip 1
    else if not string match -q -- '-*' $word
      echo $word
      return
    end
  end
end

function __repose_is
  set -l verb (__repose_verb)
  test "$verb" = "$argv[1]"
end

function __repose_results
  ${listResults('$1 "\\t" $4')}
end

complete -c repose -f
${flags.map((flag) => flagLine('', flag)).join('')}${verbs
  .map(
    ({ name, text, flags: own, argument }) =>
      `complete -c repose -n '__repose_is ""' -a ${name} -d ${quote(text)}\n${own
        .map((flag) => flagLine(`-n '__repose_is ${name}' `, flag))
        .join('')}${argument ? argumentLine(name, argument) : ''}`,
  )
  .join('')}`
}

function flagLine(when: string, { names, text, value }: Flag): string {
  const spelled = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ')
  return `complete -c repose ${when}${spelled}${value ? ` ${takes(value)}` : ''} -d ${quote(text)}\n`
}

function argumentLine(name: string, value: Value): string {
  if (value.kind === 'any') return ''
  const also = value.kind === 'result' ? ' -F' : ''
  return `complete -c repose -n '__repose_is ${name}'${also} ${takes(value)}\n`
}

function takes(value: Value): string {
  if (value.kind === 'words') return `-x -a ${quote(value.words.join(' '))}`
  if (value.kind === 'file') return '-r -F'
  if (value.kind === 'folder') return "-x -a '(__fish_complete_directories)'"
  return value.kind === 'result' ? "-a '(__repose_results)'" : '-x'
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
