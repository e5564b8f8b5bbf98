import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Cage, CageSettings, NoCage } from './cage.ts'
import { inOrder, type Mount } from './mount.ts'
import { type CagePlace, whatIsVisible } from './what-is-visible.ts'

const PROGRAM = '/usr/bin/sandbox-exec'
/** What a Mac needs beyond whatIsVisible. */
const SYSTEM = [
  '/System',
  '/Library',
  '/private/etc',
  '/private/var/db',
  '/private/var/select',
  '/Applications',
  '/dev',
]

/**
 * The cage of macOS. Untested: written after Apple's profiles. It has no namespaces: a check sees the machine's loopback and process list,
 * and its memory and processes are not limited.
 */
export async function openSandboxExec(
  place: CagePlace,
  settings: CageSettings,
  env: Readonly<Record<string, string>>,
): Promise<Cage | NoCage> {
  if (!existsSync(PROGRAM)) return { why: 'sandbox-exec is not there', fix: null }
  const mounts = whatIsVisible(place, env, settings.readable)
  try {
    await promisify(execFile)(PROGRAM, ['-p', sandboxProfile(mounts, null, settings.network), '/usr/bin/true'])
  } catch (error) {
    return { why: `sandbox-exec: ${(error as Error).message.split('\n').at(-1)}`, fix: null }
  }
  return {
    name: 'sandbox-exec, untried',
    env: {},
    hasTemporary: false,
    wrap: (command, temporary) => ({
      file: PROGRAM,
      args: ['-p', sandboxProfile(mounts, temporary, settings.network), '/bin/sh', '-c', `exec 2>&1\n${command}`],
      texts: [],
    }),
  }
}

/** The visible paths as a sandbox-exec profile, in which the last matching rule counts. */
export function sandboxProfile(mounts: readonly Mount[], temporary: string | null, network: boolean): string {
  const rules = inOrder(mounts).flatMap(rulesOf)
  return [
    '(version 1)',
    '(allow default)',
    '(deny file-read-data file-write*)',
    `(allow file-read* ${SYSTEM.map((path) => `(subpath ${quoted(path)})`).join(' ')} (literal "/"))`,
    '(allow file-write-data (literal "/dev/null") (literal "/dev/zero") (literal "/dev/dtracehelper"))',
    `(deny file-read* (subpath ${quoted(join(homedir(), 'Library'))}))`,
    ...rules,
    ...(temporary ? [`(allow file-read* file-write* (subpath ${quoted(temporary)}))`] : []),
    ...(network ? [] : ['(deny network*)', '(allow network* (local ip "localhost:*") (remote ip "localhost:*"))']),
    '(deny process-info* (target others))',
    '(deny signal (target others))',
    '(allow signal (target same-sandbox))',
    '(deny mach-lookup (global-name "com.apple.SecurityServer") (global-name "com.apple.securityd.xpc"))',
    '(deny appleevent-send)',
  ].join('\n')
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`
}

function rulesOf({ kind, path }: Mount): readonly string[] {
  const place = `(subpath ${quoted(path)})`
  switch (kind) {
    case 'read':
    case 'layer':
      return [`(deny file-write* ${place})`, `(allow file-read* ${place})`]
    case 'write':
      return [`(allow file-read* file-write* ${place})`]
    case 'empty':
    case 'bare':
    case 'hidden':
    case 'text':
      return [`(deny file-read-data file-write* network-outbound ${place})`]
    default:
      return [] // files keep their places
  }
}
