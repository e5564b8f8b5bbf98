import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../bin/commands/index.ts'
import { hasTerminal } from '../helpers/on-terminal.ts'
import { runRepose } from '../helpers/run-repose.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
const isThere = (shell: string) => spawnSync(shell, ['--version']).status === 0
for (const shell of SHELLS) if (!isThere(shell)) console.warn(`there is no ${shell}: its completion is not tested`)

let folder: string
beforeAll(async () => {
  folder = scratchFolder()
  for (const path of ['plain dir/inside', 'other']) mkdirSync(join(folder, path), { recursive: true })
  writeFileSync(join(folder, 'page.html'), '')
  for (const shell of SHELLS) {
    const { code, stdout } = await runRepose(['completion', shell], { cwd: folder })
    expect(code).toBe(0)
    writeFileSync(join(folder, `completion.${shell}`), stdout)
  }
})

/** What is typed, with the key Tab at its end, and what stands there then. */
const LINES: readonly (readonly [typed: string, words: readonly string[]])[] = [
  ['repose sle', ['sleep']],
  ['repose sleep --dry', ['sleep', '--dry-run']],
  ['repose implement --effort l', ['implement', '--effort', 'low']],
  ['repose --color nev', ['--color', 'never']],
  ['repose -q --repo other led', ['-q', '--repo', 'other', 'ledger']],
  ['repose sleep --color al', ['sleep', '--color', 'always']],
  ['repose backtest --arm agent-h', ['backtest', '--arm', 'agent-high']],
  ['repose backtest --html pa', ['backtest', '--html', 'page.html']],
  ['repose -C oth', ['-C', 'other/']],
  ['repose --repo pla', ['--repo', 'plain dir/']],
  ['repose watch unin', ['watch', 'uninstall']],
  ['repose help rece', ['help', 'receipts']],
  ['repose completion f', ['completion', 'fish']],
  ['repose apply 1', ['apply', '12']],
  ['repose apply pag', ['apply', 'page.html']],
]

// stands for the program: apply --list lists one run, all else prints its words
const REPOSE = `repose() { if [ "$1 $2" = 'apply --list' ]; then printf 'run  when\\n 12  today\\n'; else printf '{%s}' "$@"; echo; fi; }`

describe.runIf(hasTerminal && isThere('bash'))('bash', () => {
  test('completes what is typed', async () => {
    await completes('bash --norc --noprofile -i', ['source ./completion.bash', REPOSE, 'bind "set bell-style none"'])
  }, 60_000)

  test('takes --effort=low for one thing', async () => {
    const told = await type(
      'bash --norc --noprofile -i',
      ['source ./completion.bash', REPOSE],
      ['repose implement --effort=h'],
    )
    expect(told).toEqual([['implement', '--effort=high']])
  }, 60_000)
})

describe.runIf(hasTerminal && isThere('zsh'))('zsh', () => {
  test('completes what is typed, sourced or from fpath', async () => {
    const begin = ['PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit']
    await completes('zsh -f -i', [...begin, 'compinit -u -D', 'source ./completion.zsh', REPOSE])
    writeFileSync(join(folder, 'other/_repose'), (await runRepose(['completion', 'zsh'], { cwd: folder })).stdout)
    const told = await type(
      'zsh -f -i',
      [...begin, 'fpath=($PWD/other $fpath); compinit -u -D', REPOSE],
      ['repose sle'],
    )
    expect(told).toEqual([['sleep']])
  }, 90_000)
})

// with names of files that came in .git/repose/results
const HOSTILE = `repose() { printf '%s\\n' 'run  when' ' 12  today' ' $(touch\${IFS}ran)  today' ' \`touch\${IFS}ran\`  today' ' 1;ran  today'; }`

describe.each([
  ['bash', `COMP_WORDS=(repose apply ""); COMP_CWORD=2; _repose; printf '%s\\n' "\${COMPREPLY[@]}"`],
  ['zsh', '_alternative() { printf "%s\\n" $runs }; _repose_results'],
  ['fish', '__repose_results | string replace -r "\\t.*" ""'],
] as const)('%s', (shell, ask) => {
  test.runIf(isThere(shell))('neither runs nor offers a result whose name is a command', () => {
    const stub = shell === 'fish' ? HOSTILE.replace('repose() {', 'function repose;').replace(/; }$/, '; end') : HOSTILE
    const start = shell === 'zsh' ? 'compdef() { :; }; ' : ''
    const script = `${start}${stub}\nsource ./completion.${shell}\n${ask}`
    const { stdout, stderr } = spawnSync(shell, ['-c', script], { cwd: folder, encoding: 'utf8' })
    expect([stdout, stderr]).toEqual(['12\n', ''])
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})

describe.runIf(isThere('fish'))('fish', () => {
  const offered = (line: string) => {
    const commands = `function repose; printf 'run  when\\n 12  today\\n'; end; source ./completion.fish; complete -C ${JSON.stringify(line)}`
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', commands], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    })
    expect(stderr).toBe('')
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((row) => row.split('\t')[0]!)
  }

  test('offers what may follow, alone where it must', () => {
    for (const [line, words] of LINES) expect([line, offered(line)]).toEqual([line, [words.at(-1)]])
  }, 60_000)

  test('offers every command with its summary, and the options of one', () => {
    expect(offered('repose ').sort()).toEqual([...COMMANDS.map(({ name }) => name), 'help'].sort())
    expect(offered('repose undo -').sort()).toEqual(
      expect.arrayContaining(['--list', '--dry-run', '--json', '--quiet', '-C']),
    )
    expect(offered('repose undo --').filter((word) => word === '--budget-tokens')).toEqual([])
  })
})

async function completes(shell: string, begin: readonly string[]): Promise<void> {
  const told = await type(
    shell,
    begin,
    LINES.map(([typed]) => typed),
  )
  const withoutSlash = (all: readonly (readonly string[])[]) =>
    all.map((words) => words.map((word) => word.replace(/\/$/, '')))
  expect(withoutSlash(told)).toEqual(withoutSlash(LINES.map(([, words]) => words))) // zsh takes the slash of a folder off again
}

/** Types lines into an interactive shell, each with Tab and Enter, and gives the words that the program then got. */
async function type(shell: string, begin: readonly string[], lines: readonly string[]): Promise<string[][]> {
  const child = spawn('script', ['--quiet', '--flush', '--command', `stty cols 200; exec ${shell}`, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, HOME: folder, ZDOTDIR: folder, TERM: 'dumb', PS1: '' },
  })
  let shown = ''
  child.stdout.on('data', (data) => {
    shown += data
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const until = async (isSo: () => boolean) => {
    for (let n = 0; n < 400 && !isSo(); n++) await setTimeout(25)
  }
  const rows = () => [...shown.matchAll(/^(?:\{[^{}\n]*\})+\r?$/gm)].map(([row]) => row.trim())
  for (const line of [...begin, 'echo be""gun']) child.stdin.write(`${line}\n`)
  await until(() => shown.includes('begun'))
  for (const [n, line] of lines.entries()) {
    child.stdin.write(`${line}\t`)
    await setTimeout(300)
    child.stdin.write('\n')
    await until(() => rows().length > n)
  }
  child.stdin.write('exit\n')
  await ended
  return rows().map((row) => [...row.matchAll(/\{([^{}]*)\}/g)].map(([, word]) => word!))
}
