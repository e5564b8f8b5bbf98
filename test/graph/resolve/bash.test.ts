import { describe, expect, test } from 'vitest'
import { type Case, files, resolveIn } from './resolve-in.ts'

describe('Bash', () => {
  const tree = files('scripts/run.sh', 'scripts/lib/log.sh', 'scripts/env', 'tools/common.sh', 'top.sh')
  const cases: readonly Case[] = [
    ['scripts/run.sh', './lib/log.sh', 'scripts/lib/log.sh'],
    ['scripts/run.sh', 'lib/log.sh', 'scripts/lib/log.sh'],
    ['scripts/run.sh', './env', 'scripts/env'],
    ['scripts/run.sh', '../tools/common.sh', 'tools/common.sh'],
    ['scripts/run.sh', 'tools/common.sh', 'tools/common.sh'],
    ['scripts/run.sh', './top.sh', 'top.sh'],
    ['scripts/run.sh', '$DIR/lib/log.sh', '~scripts/lib/log.sh'],
    ['scripts/run.sh', '"$' + '{ROOT}"/tools/common.sh', '~tools/common.sh'],
    ['scripts/run.sh', '$(dirname "$0")/lib/log.sh', '~scripts/lib/log.sh'],
    ['scripts/run.sh', '$(cd "$(dirname "$' + '{BASH_SOURCE[0]}")" && pwd)/lib/log.sh', '~scripts/lib/log.sh'],
    ['scripts/run.sh', '"./lib/log.sh"', 'scripts/lib/log.sh'],
    ['tools/common.sh', '"$ROOT/$LIB/lib/log.sh"', '~scripts/lib/log.sh'],
    ['tools/common.sh', '$ROOT/$NAME', ''],
    ['tools/common.sh', 'lib/log.sh', ''],
    ['scripts/run.sh', '/etc/profile', ''],
    ['scripts/run.sh', '$FILE', ''],
    ['scripts/run.sh', './gone.sh', ''],
    ['scripts/run.sh', '../../top.sh', ''],
    ['scripts/run.sh', './run.sh', ''],
    ['scripts/run.sh', '', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    expect(resolveIn('bash', tree, from, specifier)).toBe(targets)
  })
})
