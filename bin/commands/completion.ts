import type { Command } from '../command.ts'

/** The completion command for these commands, which include itself. */
export function completionOf(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'print a completion script for commands, options and their values',
    details:
      'bash: source <(repose completion bash) in ~/.bashrc. zsh: source <(repose completion zsh) in ~/.zshrc, after compinit. fish: repose completion fish > ~/.config/fish/completions/repose.fish. Completion starts no process, except for the runs of repose apply.',
    argument: { name: 'shell', text: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] },
    options: [],
    examples: ['source <(repose completion bash)', 'repose completion fish > ~/.config/fish/completions/repose.fish'],
    async run(wire, shell) {
      const [{ wordsOf }, { bashCompletion }, { zshCompletion }, { fishCompletion }] = await Promise.all([
        import('../completion/words.ts'),
        import('../completion/bash.ts'),
        import('../completion/zsh.ts'),
        import('../completion/fish.ts'),
      ])
      const write = shell === 'bash' ? bashCompletion : shell === 'zsh' ? zshCompletion : fishCompletion
      wire.printWhole(write(wordsOf(commands())))
      return 0
    },
  }
}
