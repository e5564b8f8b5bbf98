import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { UserError } from '../errors.ts'

export interface Unit {
  /** Its name in systemd or launchd. */
  readonly name: string
  /** Path of the file, below the home folder. */
  readonly path: string
  readonly text: string
  /** Commands that enable and disable it. */
  readonly enable: readonly (readonly string[])[]
  readonly disable: readonly (readonly string[])[]
}

export interface UnitOptions {
  readonly platform: 'linux' | 'darwin'
  /** The unit is named after the first one. */
  readonly roots: readonly string[]
  /** Absolute paths of node and of the program. */
  readonly node: string
  readonly program: string
  /** macOS: where to write errors of the start. */
  readonly log: string
  /** Values of --db and --model, if given. */
  readonly db?: string
  readonly model?: string
}

/**
 * The unit that starts the daemon with the user's session. Keys and endpoint come from ~/.config/repose/environment, if it exists.
 * Throws UserError for a name that such a file cannot contain.
 */
export function unitOf(options: UnitOptions): Unit {
  const [first] = options.roots
  const digest = createHash('sha1').update(options.roots.join('\n')).digest('hex').slice(0, 6)
  const id = `repose-watch-${basename(first!).replace(/[^A-Za-z0-9_-]/g, '-')}-${digest}`
  const command = [
    options.node,
    options.program,
    'watch',
    '--repo',
    first!,
    ...(options.db ? ['--db', options.db] : []),
    ...(options.model ? ['--model', options.model] : []),
    ...options.roots.slice(1).flatMap((root) => ['--also', root]),
  ]
  return options.platform === 'linux' ? systemd(id, command) : launchd(id, command, options.log)
}

function systemd(id: string, command: readonly string[]): Unit {
  const name = `${id}.service`
  return {
    name,
    path: `.config/systemd/user/${name}`,
    text: `[Unit]
Description=repose: thinks about the repository while you rest

[Service]
ExecStart=${command.map(systemdWord).join(' ')}
# OPENAI_API_KEY=..., REPOSE_MODEL=...: one a line, readable by you alone
EnvironmentFile=-%h/.config/repose/environment
Restart=on-failure
RestartSec=30
Nice=10

[Install]
WantedBy=default.target
`,
    enable: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', '--now', name],
    ],
    disable: [['systemctl', '--user', 'disable', '--now', name]],
  }
}

/** Quoted, on one line: control characters as \x0a; % and $ are escaped, since systemd expands them. */
function systemdWord(word: string): string {
  const escaped = word
    .replace(/[\\"]/g, '\\$&')
    .replace(/[\u0000-\u001f\u007f]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `"${escaped.replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
}

/** XML allows no control characters except tabs and line ends; these must be references to be preserved. */
function xml(word: string): string {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(word))
    throw new UserError(
      `a property list of launchd cannot hold ${JSON.stringify(word)}`,
      'rename the folder, or start it by hand: repose watch start',
    )
  return word.replace(/[&<>"'\t\r\n]/g, (one) => `&#${one.charCodeAt(0)};`)
}

function launchd(id: string, command: readonly string[], log: string): Unit {
  const name = `dev.${id}`
  const path = `Library/LaunchAgents/${name}.plist`
  // launchd has no environment files, so a shell reads it
  const script = 'set -a; [ -f ~/.config/repose/environment ] && . ~/.config/repose/environment; set +a; exec "$@"'
  const words = ['/bin/sh', '-c', script, 'repose', ...command].map((word) => `    <string>${xml(word)}</string>`)
  return {
    name,
    path,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>${xml(name)}</string>
  <key>ProgramArguments</key>
  <array>
${words.join('\n')}
  </array>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
  <key>ThrottleInterval</key><integer>30</integer>
  <key>ProcessType</key><string>Background</string>
  <key>StandardErrorPath</key><string>${xml(log)}</string>
</dict>
</plist>
`,
    enable: [['launchctl', 'load', '-w', `~/${path}`]],
    disable: [['launchctl', 'unload', '-w', `~/${path}`]],
  }
}
