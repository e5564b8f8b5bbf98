import { createHash } from 'node:crypto'
import { basename } from 'node:path'

export interface Unit {
  /** Name that systemd or launchd knows it by. */
  readonly name: string
  /** Where the file belongs, below the home folder. */
  readonly path: string
  readonly text: string
  /** Commands that enable it, and those that undo that. */
  readonly enable: readonly (readonly string[])[]
  readonly disable: readonly (readonly string[])[]
}

export interface UnitOptions {
  readonly platform: 'linux' | 'darwin'
  /** First repository first; the unit is named after it. */
  readonly roots: readonly string[]
  /** Absolute paths of node and of the program. */
  readonly node: string
  readonly program: string
  /** macOS: where to write what goes wrong at the start. */
  readonly log: string
  /** As the flags --db and --model say, where they were given. */
  readonly db?: string
  readonly model?: string
}

/** The unit that starts the daemon with the user's session. Keys and endpoint come from ~/.config/repose/environment, where there is one. */
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

/** In quotes; % and $ mean something to systemd. */
function systemdWord(word: string): string {
  return `"${word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
}

function launchd(id: string, command: readonly string[], log: string): Unit {
  const name = `dev.${id}`
  const path = `Library/LaunchAgents/${name}.plist`
  const xml = (word: string) => word.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  // launchd has no environment files: a shell reads it
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
