import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { removeFolder } from '../helpers/platform.ts'
import { KEY, type Lab, type Outcome, openLab, whyNoCage } from './cage-lab.ts'

const NOBODY = 65534
const reason = whyNoCage()
if (reason !== null) console.log(`no attacks on the cage: ${reason}`)
const isRoot = process.getuid?.() === 0
const canOthersRead = isRoot && spawnSync('ls', [PACKAGE_ROOT], { uid: NOBODY, gid: NOBODY }).status === 0
if (isRoot && !canOthersRead) console.log('no attacks as a plain user: it cannot read this folder')
const users = [
  { who: isRoot ? 'root' : 'a plain user', user: null },
  ...(canOthersRead ? [{ who: 'a plain user', user: NOBODY }] : []),
]

describe.skipIf(reason !== null).each(users)('a check in the cage, as $who', ({ user }) => {
  let lab: Lab
  beforeAll(async () => {
    lab = await openLab(user)
  })
  afterAll(() => lab?.close())

  /** Runs what a model could have written as a test. Returns how it ended and what it said. */
  async function attack(command: string | readonly string[], options?: Parameters<Lab['run']>[1]) {
    const outcome = await lab.run(command, options)
    expect(outcome.problem).toBeNull()
    expect(outcome.diff).toBe('') // whatever it left is no part of the result
    return { ...outcome, ...outcome.results.at(-1)! }
  }

  test('has what a check needs: its files, git, node, a loopback, a folder for temporary files', async () => {
    const { output, status, caged } = await attack(`
      git status --porcelain && git log --format=%s && cat src/a.js node_modules/dep/index.js
      echo new > src/new.js && git status --porcelain
      echo x > "$TMPDIR/x" && cat "$TMPDIR/x" && cat ~/.npm/_cacache/kept && echo y > ~/.npm/_cacache/new && echo z > ~/z
      node -e "require('net').createServer((s) => s.end('answered')).listen(0, '127.0.0.1', function () {
        require('net').connect(this.address().port, '127.0.0.1').on('data', (d) => { console.log(String(d)); process.exit() }) })"`)
    expect(output).toBe('first\nexport const a = 1\nmodule.exports = 1\n?? src/new.js\nx\na package\nanswered')
    expect({ status, caged }).toEqual({ status: 'passed', caged: true })
    expect(existsSync(join(lab.home, 'z')) || existsSync(join(lab.home, '.npm/_cacache/new'))).toBe(false)
  })

  test.each([
    ['a key in the home folder', (at: Lab) => `cat ~/.ssh/id_ed25519 '${at.home}/.ssh/id_ed25519'; ls -aR ~`],
    ['a file of the working tree that git ignores', (at: Lab) => `cat '${at.tree}/.env'; ls -a '${at.tree}'`],
    ['a key beside a package', (at: Lab) => `cat '${at.tree}/packages/lib/.env'`],
    ['the folder of another run', (at: Lab) => `cat '${at.neighbour}/file'; cat /tmp/*/file`],
    [
      'passwords in the git configuration',
      (at: Lab) => `git config --list; cat '${at.commonDir}/config'; git remote -v`,
    ],
    ['what repose keeps', (at: Lab) => `cat '${at.commonDir}'/repose/*/*; ls '${at.commonDir}/repose'`],
    [
      'a path through another process',
      (at: Lab) =>
        `for p in /proc/[0-9]*/root /proc/self/root /proc/1/cwd; do cat "$p${at.home}/.ssh/id_ed25519"; done`,
    ],
    [
      'a file that a link leads to',
      (at: Lab) => `ln -s '${at.home}/.ssh' leak; cat leak/*; ln '${at.home}/.ssh/id_ed25519' hard; cat hard`,
    ],
    ['the password file', () => `cat /etc/shadow /etc/gshadow; ls /etc/ssh/*`],
  ])('does not read %s', async (_, command) => {
    const { output } = await attack(command(lab))
    expect(output).not.toMatch(/SECRET|:\$|host_.*_key/)
  })

  test.skipIf(!isRoot).each(['/opt', '/usr/local', '/usr/share'])(
    'does not read what an application below %s keeps for its owner',
    async (folder) => {
      const app = mkdtempSync(join(folder, 'cage-app-'))
      try {
        chmodSync(app, 0o755)
        mkdirSync(join(app, 'closed'), { mode: 0o700 })
        for (const [name, mode] of [
          ['all', 0o644],
          ['own', 0o600],
          ['group', 0o640],
          ['closed/in', 0o644],
        ] as const) {
          writeFileSync(join(app, name), `SECRET ${name}\n`)
          chmodSync(join(app, name), mode)
        }
        if (user !== null) for (const name of ['', 'own', 'group', 'closed']) chownSync(join(app, name), user, user)
        const { results } = await lab.run(`cat ${app}/* ${app}/closed/in`, { anew: true })
        expect(results[0]!.output.match(/SECRET .*/g)).toEqual(['SECRET all'])
      } finally {
        removeFolder(app)
        await lab.run('true', { anew: true })
      }
    },
  )

  test('finds no key in its environment, nor in that of any process', async () => {
    const { output } = await attack(
      `env; cat /proc/*/environ | tr '\\0' '\\n'; cat /proc/${lab.pid}/environ; ps -ef | head -50`,
    )
    expect(output).toContain('NO_COLOR=1')
    expect(output).not.toContain(KEY)
    expect(readFileSync(`/proc/${lab.pid}/cmdline`, 'utf8')).toContain('cage-lab-process') // it is there, for others to see
    expect(output).not.toContain('cage-lab-process')
  })

  test('reads no key that the kernel keeps for the session', async () => {
    const call = process.arch === 'arm64' ? '219' : '250'
    const { output } = await attack(
      `perl -e '$type = "user"; $name = "repose"; $r = syscall(${call}, 10, -3, $type, $name, 0); printf("%d %s\\n", $r, $! + 0)'`,
    )
    expect(output).toBe('-1 1') // EPERM
  })

  test('plants no hook, no setting and no ref in the real git folder', async () => {
    const before = listing(lab.commonDir)
    const { output } = await attack(`
      for f in hooks/post-checkout hooks/reference-transaction config info/attributes; do
        echo 'touch ${lab.home}/planted' > '${lab.commonDir}'/$f
      done
      git config core.fsmonitor 'touch ${lab.home}/planted'; git update-ref refs/heads/evil HEAD
      git hash-object -w package.json; rm -rf '${lab.commonDir}/hooks'; mv '${lab.commonDir}' '${lab.commonDir}x'; chmod -R 777 '${lab.commonDir}'`)
    expect(output).toMatch(/Read-only file system/)
    expect(listing(lab.commonDir)).toEqual(before)
    expect(existsSync(join(lab.home, 'planted'))).toBe(false)
  })

  test('does not exchange .git of its worktree for one with programs in it', async () => {
    const { output } = await attack(`
      rm -f .git; mv .git .git2; echo 'gitdir: evil' > .git
      mkdir -p evil && git init -q evil && cd evil && git config core.fsmonitor 'touch ${lab.home}/planted; false' && git config core.hooksPath .
      cd .. && git init -q inner && cd inner && git config core.fsmonitor 'touch ${lab.home}/planted; false' && echo '* filter=evil' > .gitattributes
      git config filter.evil.clean 'touch ${lab.home}/planted' && echo x > f`)
    expect(output).toMatch(/busy|Read-only/)
    expect(existsSync(join(lab.home, 'planted'))).toBe(false)
  })

  test.each([
    ['the system', () => ['/etc', '/usr', '/usr/bin', '/opt', '/']],
    [
      'the home folder',
      (at: Lab) => [at.home, `${at.home}/.ssh`, `${at.home}/.config/repose`, `${at.home}/.npm/_cacache`],
    ],
    [
      "the user's working tree",
      (at: Lab) => [at.tree, `${at.tree}/src`, `${at.tree}/node_modules/dep`, `${at.tree}/packages/lib`],
    ],
    [
      'other temporary folders',
      (at: Lab) => [tmpdir(), '/tmp', '/var/tmp', '/dev/shm', at.neighbour, `${at.worktree}/..`],
    ],
  ])('writes nothing to %s', async (_, folders) => {
    const places = folders(lab)
    await attack(places.map((folder) => `mkdir -p '${folder}'; echo evil > '${folder}/evil-file'`).join('\n'))
    expect(places.filter((folder) => existsSync(join(folder, 'evil-file')))).toEqual([])
  })

  test('writes not through the link to installed packages, and what it wrote is gone in the next check', async () => {
    const { results } = await attack([
      `echo evil > node_modules/dep/index.js; rm -rf node_modules/dep/other; mkdir node_modules/made; chmod 777 node_modules; echo $(ls node_modules)`,
      'cat node_modules/dep/index.js; ls node_modules',
    ])
    expect(results[0]!.output).toBe('dep made')
    expect(results[1]!.output).toBe('module.exports = 1\ndep')
    expect(readdirSync(join(lab.tree, 'node_modules'))).toEqual(['dep'])
  })

  test('a link to installed packages that it exchanged shows nothing new in the next check', async () => {
    const { output } = await attack([
      `rm node_modules; ln -s '${lab.home}/.ssh' node_modules; ls -l`,
      'cat node_modules/*; ls node_modules/',
    ])
    expect(output).not.toContain('SECRET')
    await lab.run('true', { anew: true })
  })

  test.each([
    ['the loopback of the machine', (at: Lab) => `connect(${at.port}, '127.0.0.1')`],
    ['a machine elsewhere', () => `connect({ host: '1.1.1.1', port: 53, timeout: 3000 })`],
    ['a socket in the home folder', (at: Lab) => `connect('${at.sockets[0]}')`],
    ['a socket among temporary files', (at: Lab) => `connect('${at.sockets[1]}')`],
    ['a socket among installed packages', (at: Lab) => `connect('${at.sockets[2]}')`],
    ['a socket without a path', (at: Lab) => `connect({ path: '\\\\0${at.abstract.slice(1)}' })`],
  ])('connects not to %s', async (_, connect) => {
    const { output } = await attack(`node -e "
      const socket = require('net').${connect(lab)}
      socket.on('connect', () => console.log('connected')).on('data', (data) => console.log(String(data)))
      socket.on('error', ({ code }) => console.log('refused', code)).on('timeout', () => process.exit())"`)
    expect(output).toMatch(/^refused (ECONNREFUSED|ENETUNREACH|ENOENT|EACCES|ENETDOWN|EHOSTUNREACH)$/)
  })

  test('reaches no agent, bus, display or container engine', async () => {
    const { output } = await attack(
      'env | grep -E "SSH|DBUS|DISPLAY|XDG_RUNTIME|DOCKER"; find / -xdev -type s; ls -A /run /var/run',
    )
    expect(output).not.toMatch(/=|\.sock|^\/.*socket/m)
  })

  test('asks the machine under the machine nothing', async () => {
    const call = process.arch === 'arm64' ? '198' : '41'
    const { output } = await attack(`perl -e '$r = syscall(${call}, 40, 1, 0); printf("%d %s\\n", $r, $! + 0)'`)
    expect(output).toBe('-1 97') // EAFNOSUPPORT: AF_VSOCK
  })

  test('has no terminal, and types nothing into one', async () => {
    const call = process.arch === 'arm64' ? '29' : '16'
    const { output } = await attack(`
      tty; (: < /dev/tty); ls /dev/pts
      perl -e '$key = "x"; for $f (0, 1, 2) { $r = syscall(${call}, $f, 0x5412, $key); printf("%d %s\\n", $r, $! + 0) }'`)
    expect(output).toMatch(/not a tty\n.*\/dev\/tty.*\nptmx\n-1 1\n-1 1\n-1 1/)
  })

  test('mounts nothing, gets no rights, makes no namespaces', async () => {
    const { output } = await attack(`
      mount -t tmpfs none /tmp && echo GOT; mount --bind / /tmp && echo GOT; mount -o remount,rw / && echo GOT; umount /usr && echo GOT
      mount -o remount,rw,bind /usr && echo GOT; unshare -Ur true && echo GOT; unshare -m true && echo GOT; chroot / true && echo GOT
      mknod disk b 8 0 && echo GOT; sudo -n true && echo GOT; su -c true </dev/null && echo GOT
      grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status`)
    expect(output).not.toContain('GOT')
    expect(output).toMatch(/CapEff:\s+0+\nCapBnd:\s+0+\nNoNewPrivs:\s+1/)
  })

  test('changes no setting of the kernel', async () => {
    const before = readFileSync('/proc/sys/kernel/core_pattern', 'utf8')
    await attack(`
      echo '${before.trim()} ' > /proc/sys/kernel/core_pattern && echo GOT
      find /proc/sys /proc/irq /proc/bus /sys -type f 2>/dev/null | head -2000 | while read -r f; do
        { : >> "$f"; } 2>/dev/null && echo "GOT $f"
      done; true`).then(({ output }) => expect(output).not.toContain('GOT'))
    expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8')).toBe(before)
  })

  test('traces and ends no process outside', async () => {
    const call = process.arch === 'arm64' ? '117' : '101'
    const { output } = await attack(`
      kill -9 ${lab.pid} && echo GOT; kill -0 ${lab.pid} && echo GOT
      perl -e '$r = syscall(${call}, 16, ${lab.pid}, 0, 0); printf("%d\\n", $r)'; ls -d /proc/[0-9]* | wc -l`)
    expect(output).not.toContain('GOT')
    expect(output).toMatch(/^-1$/m)
    expect(Number(/(\d+)$/.exec(output)![1])).toBeLessThan(20)
  })

  test('ends everything it can, and only itself', async () => {
    const { status, output } = await attack('kill -9 -1; sleep 0.1; kill -9 1; kill -TERM 1; kill -9 $PPID; kill -9 $$')
    expect([status, output]).toEqual(['failed', 'ended by SIGKILL'])
    expect((await attack('echo alive')).output).toBe('alive')
  })

  test('leaves no process behind', async () => {
    await attack(`
      (setsid nohup sh -c 'trap "" TERM HUP INT; sleep 98765' >/dev/null 2>&1 &) ; perl -e 'fork and exit; setpgrp; fork and exit; sleep 98765' &
      echo done`)
    expect(processes('98765')).toEqual([])
  })

  test('neither slows down nor traces the first process of the cage, which ends all others', async () => {
    const calls = process.arch === 'arm64' ? [119, 122, 117, 140] : [144, 203, 101, 141]
    const { output } = await attack(`perl -e '
      my ($schedule, $pin, $trace, $nice) = (${calls});
      my ($param, $mask) = (pack("i", 0), pack("Q", 1));
      for ([$schedule, 1, 5, $param], [$pin, 1, 8, $mask], [$trace, 16, 1, 0, 0], [$nice, 0, 1, 19], [$nice, 1, 0, 19], [$nice, 2, 0, 19]) {
        my @args = @$_; printf "%d %d\n", syscall($args[0], @args[1 .. $#args]), $! + 0 }
      printf "%d\n", syscall($nice, 0, 0, 19)'`)
    expect(output).toBe(`${'-1 1\n'.repeat(6)}0`)
  })

  test('gets nothing that its parents have open', async () => {
    const { output } = await attack('cd /proc/self/fd && for fd in *; do echo "$fd $(readlink $fd)"; done')
    const named = output.split('\n').filter((line) => / \//.test(line) && !/\/dev\/null$|\/proc\/|\/fd$/.test(line))
    expect(named).toEqual([])
    expect(output).toMatch(/^0 \/dev\/null\n1 /)
  })

  // One that grows by itself would hinder all of the machine where this runs as root, whom the kernel's own limit (ulimit -u) does not bind.
  test('starts more processes than it may, and is ended', async () => {
    const { status, output, ms } = await attack(
      'n=0; while [ $n -lt 1500 ]; do sleep 30.125 & n=$((n + 1)); done; wait',
      { settings: { processes: 150 } },
    )
    expect([status, output.split('\n').at(-1)]).toEqual([
      'failed',
      'it has started more than 150 processes and threads: stopped',
    ])
    expect(ms).toBeLessThan(25_000)
    expect(processes('30.125')).toEqual([])
  })

  test.each([
    ['memory', `node -e "const all = []; setInterval(() => all.push(Buffer.alloc(16 << 20, 1)), 20)"`],
    [
      'memory with many processes',
      `for i in 1 2 3 4; do node -e "const b = Buffer.alloc(70 << 20, 1); setTimeout(() => {}, 20000)" & done; wait`,
    ],
    [
      'its folder for temporary files',
      `while dd if=/dev/zero bs=1M count=32 of=/tmp/$((n += 1)); do sleep 0.1; done; sleep 20`,
    ],
    ['its home folder', `while dd if=/dev/zero bs=1M count=32 of=$HOME/$((n += 1)); do sleep 0.1; done; sleep 20`],
    ['its shared memory', `while dd if=/dev/zero bs=1M count=32 of=/dev/shm/$((n += 1)); do sleep 0.1; done; sleep 20`],
    ['a layer', `while dd if=/dev/zero bs=1M count=32 of=node_modules/$((n += 1)); do sleep 0.1; done; sleep 20`],
  ])('fills %s, and is ended', async (_, command) => {
    const { status, output, ms } = await attack(command, { settings: { memoryMb: 256 } })
    expect([status, output.split('\n').at(-1)]).toEqual(['failed', 'it uses more than 256 MB of memory: stopped'])
    expect(ms).toBeLessThan(20_000)
  })

  test('leaves folders that nobody may enter and deep ones: they are put back and removed all the same', async () => {
    const { results, root } = await attack(
      [
        `mkdir -p src/locked/in build/locked && echo x > src/locked/in/f && chmod 000 src/locked/in src/locked build/locked src`,
        `perl -e 'for (1..700) { mkdir "deepdeep" and chdir "deepdeep" or die $! }'`,
      ],
      { anew: true, close: true },
    )
    await lab.run('true', { anew: true })
    expect(results.map(({ status }) => status)).toEqual(['passed', 'passed'])
    expect(existsSync(join(root, '..'))).toBe(false)
  })

  test('exchanges folders for links while it ends: nothing outside is read or written', async () => {
    const before = listing(lab.tree)
    const { root } = await attack(
      `(while :; do mv src s 2>/dev/null; ln -sfn '${lab.home}/.ssh' src; rm -f src; mv s src 2>/dev/null; done) &
       (while :; do rm -rf packages; ln -sfn '${lab.tree}/packages' packages; rm -f packages; done) &
       sleep 0.3; rm -rf src packages; ln -s '${lab.tree}/src' src; ln -s '${lab.tree}/packages' packages; ln -s '${lab.home}/.ssh' new`,
    )
    expect(listing(lab.tree)).toEqual(before)
    expect(lstatSync(join(root, 'src')).isDirectory()).toBe(true)
    expect(existsSync(join(root, 'new'))).toBe(false)
  })

  test('prints a key that it made: the output is without it, also where it was cut', async () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\\n${`${'MIIEow'.padEnd(64, 'A')}\\n`.repeat(40)}-----END RSA PRIVATE KEY-----`
    const { output } = await attack(
      `printf '${key}\\n'; head -c 1000 /dev/zero | tr '\\0' 'x'; printf '${key}\\n'; yes filler | head -c 60000; printf '${key}\\n'; exit 1`,
    )
    expect(output).not.toContain('MIIEow')
    expect(output).toContain('left out')
  })
})

describe.skipIf(reason !== null || !isRoot)('on a small disk', () => {
  test.each([
    ['a large file', `dd if=/dev/zero bs=1M of=large; sleep 20`],
    [
      'many small ones',
      `while :; do n=$((n + 1)); dd if=/dev/zero bs=64k count=16 of=f$n 2>/dev/null || sleep 1; done`,
    ],
  ])('a check that fills it with %s is ended while there is room', async (_, command) => {
    const disk = realpathSync(mkdtempSync(join(tmpdir(), 'cage-disk-')))
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', disk]).status !== 0) {
      console.log('no small disk: this root may not mount one')
      removeFolder(disk)
      return
    }
    const lab = await openLab(null, { within: disk })
    try {
      const { results, problem }: Outcome = await lab.run(command, { anew: true })
      expect(problem).toBeNull()
      expect(results[0]).toMatchObject({
        status: 'failed',
        output: expect.stringMatching(/are left on the disk: stopped$/),
      })
    } finally {
      await lab.close()
      spawnSync('umount', [disk])
      removeFolder(disk)
    }
  })
})

/** Everything below a folder, with its size and time of change. */
function listing(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/(^|\/)(\.git|worktrees|objects)(\/|$)/.test(name))
    .map((name) => {
      const { size, mtimeMs, mode } = lstatSync(join(folder, name))
      return `${name} ${size} ${mtimeMs} ${mode}`
    })
    .sort()
}

/** Processes of this machine whose command line holds a text. */
function processes(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text) && statSync(`/proc/${name}`).isDirectory()
      } catch {
        return false
      }
    })
}
