import type { Command } from '../command.ts'
import { JSON_OPTION, limitOptions, MODEL_OPTION, PATHS_OPTION } from './options.ts'

const ACTIONS: Readonly<Record<string, string>> = {
  comment: 'on a pull request: one comment with what repose check says, edited in place, deleted when it says nothing',
  night:
    'on the default branch: a pass, as repose sleep makes one, with the shared store fetched before and pushed after',
  implement: 'for an issue that got the label: implement it on a branch, and open a pull request',
}

/** other: a command of the program by its name; undefined: there is none. */
export function ciOf(other: (name: string) => Command | undefined): Command {
  return {
    name: 'ci',
    summary: 'the bot, as a job of GitHub Actions, GitLab CI or Bitbucket Pipelines',
    details: `docs/ci.md has complete files for the three systems. All that it needs comes from the variables and the event file of the job. comment and night work without a model. It never works for a fork; implement works only for a label that a person with write access set, changes no protected path, runs checks in the cage or not at all, and pushes to a branch of its own, repose/issue-NUMBER. A job that is for something else ends with exit code 0, and one line that says so.\n\nActions: ${Object.entries(
      ACTIONS,
    )
      .map(([name, text]) => `${name} (${text})`)
      .join('; ')}.`,
    argument: { name: 'action', text: 'one of these', choices: Object.keys(ACTIONS) },
    options: [
      PATHS_OPTION,
      { flags: '--label <name>', text: 'with implement: the label, exactly (default: repose)', env: 'REPOSE_CI_LABEL' },
      {
        flags: '--check <command>',
        text: 'with implement: a command that must pass; repeatable (default: checks that are trusted)',
        kind: 'list',
        env: 'REPOSE_CI_CHECK',
      },
      {
        flags: '--remote <name>',
        text: 'with implement and night: where the branch and the store are pushed to (default: origin)',
      },
      ...limitOptions('tokens of all calls', 'US dollars that all calls may cost'),
      MODEL_OPTION,
      JSON_OPTION,
    ],
    examples: ['repose ci comment', 'repose ci night --budget-tokens 300k', 'repose ci implement --check "npm test"'],
    async run(wire, action, values) {
      if (action === 'comment') return (await import('./ci-comment.ts')).ciComment(wire, values)
      if (action === 'night') return (await import('./ci-night.ts')).ciNight(wire, values, other)
      return (await import('./ci-implement.ts')).ciImplement(wire, values)
    },
  }
}
