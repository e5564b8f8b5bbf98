import type { Command, ExitCode } from '../command.ts'
import { plural, table, when } from '../format.ts'
import { shownCommand } from '../shown-command.ts'
import type { Wire } from '../wire.ts'
import { JSON_OPTION } from './options.ts'

export const trust: Command = {
  name: 'trust',
  summary: 'let repose run the checks of this repository',
  details:
    'The checks in a repository\'s repose.config.json are commands of its author, so they run only after you trust them. You trust this clone with exactly these commands. You are asked again when the commands change, when the clone is moved, and for another clone, but not when what they run changes (the script behind "npm test"). Checks of --check and of your own configuration need no trust. Trust is stored in ~/.config/repose/trust.json.',
  options: [
    { flags: '--revoke', text: 'take back all trust in this repository' },
    { flags: '--list', text: 'list what you trust, in all repositories' },
    JSON_OPTION,
  ],
  examples: ['repose trust', 'repose trust --list', 'repose trust --revoke'],
  async run(wire, _argument, values) {
    if (values.revoke && values.list) {
      const { UserError } = await import('../../src/errors.ts')
      throw new UserError('--revoke and --list are two things', 'leave one of them out')
    }
    if (values.list) return list(wire)
    return values.revoke ? revoke(wire) : trustThis(wire)
  },
}

async function trustThis(wire: Wire): Promise<ExitCode> {
  const [{ repositoryChecks, checks }, repo, { isTrusted, trustChecks }] = await Promise.all([
    wire.config(),
    wire.repo(),
    import('../../src/trust/trust.ts'),
  ])
  const wasTrusted = repositoryChecks !== null && isTrusted(repo, repositoryChecks)
  if (repositoryChecks && !wasTrusted) trustChecks(repo, repositoryChecks)
  if (wire.flags.json) wire.printJson({ repository: repo.commonDir, checks: repositoryChecks ?? [], wasTrusted })
  else if (!repositoryChecks)
    wire.print(
      checks.length > 0
        ? 'nothing to trust: your own configuration says which checks run, not this repository'
        : 'nothing to trust: this repository brings no checks',
    )
  else
    wire.print(
      [
        wasTrusted ? 'trusted already:' : 'trusted, until they change:',
        ...repositoryChecks.map((check) => `  ${shownCommand(check)}`),
        'repose implement runs them after its edits; repose trust --revoke takes it back',
      ].join('\n'),
    )
  return 0
}

async function revoke(wire: Wire): Promise<ExitCode> {
  const [repo, { revokeTrust }] = await Promise.all([wire.repo(), import('../../src/trust/trust.ts')])
  const revoked = revokeTrust(repo)
  if (wire.flags.json) wire.printJson({ repository: repo.commonDir, revoked })
  else
    wire.print(
      revoked.length > 0
        ? `no longer trusted: ${plural(revoked.length, 'list')} of checks of this repository`
        : 'nothing of this repository was trusted',
    )
  return 0
}

async function list(wire: Wire): Promise<ExitCode> {
  const [{ readTrust, trustFile }, { existsSync }] = await Promise.all([
    import('../../src/trust/trust-file.ts'),
    import('node:fs'),
  ])
  const trusted = readTrust().map(({ repository, checks, at }) => ({
    ...{ repository, checks, at },
    isThere: existsSync(repository.replace(/ \(.*\)$/, '')),
  }))
  if (wire.flags.json) wire.printJson({ file: trustFile(), trusted })
  else if (trusted.length === 0) wire.print('nothing is trusted yet')
  else
    wire.print(
      table([
        ['trusted', 'repository', 'checks'],
        ...trusted.map(({ repository, checks, at, isThere }) => [
          when(at),
          `${shownCommand(repository)}${isThere ? '' : ' (gone)'}`,
          checks.map(shownCommand).join(' ; '),
        ]),
      ]),
    )
  return 0
}
