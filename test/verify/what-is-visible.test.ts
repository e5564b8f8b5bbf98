import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { bubblewrapArgs } from '../../src/verify/cage/bubblewrap.ts'
import { keeperOf } from '../../src/verify/cage/keeper.ts'
import { inOrder, type Mount, nearest } from '../../src/verify/cage/mount.ts'
import { notForAll } from '../../src/verify/cage/not-for-all.ts'
import { openBubblewrap } from '../../src/verify/cage/open-bubblewrap.ts'
import { isCage } from '../../src/verify/cage/open-cage.ts'
import { sandboxProfile } from '../../src/verify/cage/sandbox-exec.ts'
import { seccompFilter } from '../../src/verify/cage/seccomp.ts'
import { whatIsVisible } from '../../src/verify/cage/what-is-visible.ts'
import { withoutCredentials } from '../../src/verify/cage/without-credentials.ts'
import { runChecks } from '../../src/verify/run-checks.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'
import { whyNoCage } from './cage-lab.ts'

const reason = whyNoCage()
if (reason !== null) console.log(`no cage to look into: ${reason}`)

/** A home folder with a project in it; `files` by their paths below the home folder. */
function homeWith(files: Readonly<Record<string, string>>) {
  const home = scratchFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), text)
  }
  vi.stubEnv('HOME', home)
  const root = scratchFolder()
  const env = { HOME: home, PATH: '/usr/bin:/bin' }
  return { home, root, tree: join(home, 'project'), env }
}

/** How a path is seen: the kind of mount that shows it. */
function seen(mounts: readonly Mount[], path: string): Mount['kind'] | undefined {
  return nearest(path, new Map(inOrder(mounts).map((mount) => [mount.path, mount])))?.kind
}

describe.skipIf(isWindows)('what a check sees', () => {
  test('of a home folder: toolchains and kept packages, and no keys beside them', () => {
    const { home, root, env } = homeWith({
      '.cargo/bin/cargo': '',
      '.cargo/registry/cache/x': '',
      '.cargo/credentials.toml': 'token',
      '.cargo/config.toml': '[build]\njobs = 2\n[registry]\ntoken = "secret"\n',
      '.m2/repository/x': '',
      '.m2/settings.xml': 'password',
      '.local/share/pipx/venvs/a/bin/a': '',
      '.local/share/keyrings/login.keyring': '',
      '.nvm/versions/node/v20/bin/node': '',
      'tools/java/bin/java': '',
      'tools/other/secret': '',
      'miniconda/bin/python': '',
      'miniconda/lib/python3': '',
      'elsewhere/app/bin/app': '',
      'elsewhere/app/lib/app': '',
      'bin/mine': '',
      'mail/inbox': '',
    })
    symlinkSync(join(home, 'elsewhere/app/bin/app'), join(home, 'bin/app'))
    const mounts = whatIsVisible(
      { root },
      { ...env, JAVA_HOME: join(home, 'tools/java'), PATH: `${home}/miniconda/bin:${home}/bin:/usr/bin` },
      [],
    )
    const at = (path: string) => seen(mounts, join(home, path))
    expect(at('.cargo/bin/cargo')).toBe('layer')
    expect(at('.cargo/registry/cache/x')).toBe('layer')
    expect(at('.m2/repository/x')).toBe('layer')
    for (const path of ['.nvm/versions/node/v20/bin/node', 'tools/java/bin/java', 'miniconda/lib/python3', 'bin/mine'])
      expect([path, at(path)]).toEqual([path, 'layer'])
    expect(at('elsewhere/app/lib/app')).toBe('layer')
    for (const path of ['.cargo/credentials.toml', '.m2/settings.xml', '.local/share/keyrings/login.keyring'])
      expect([path, at(path)]).toEqual([path, 'empty'])
    for (const path of ['tools/other/secret', 'mail/inbox', '.ssh', 'project/src/a.ts']) expect(at(path)).toBe('empty')
    expect(mounts).toContainEqual({
      kind: 'text',
      path: join(home, '.cargo/config.toml'),
      text: '[build]\njobs = 2\n[registry]\n\n',
    })
  })

  test('of tools that keep their keys beside their programs: what is installed', () => {
    const keys = [
      '.fly/config.yml',
      '.docker/config.json',
      '.cabal/config',
      '.nimble/github_api_token',
      '.foundry/keystores/a',
      '.tiup/storage/cluster/ssh/id_rsa',
      '.config/emacs/authinfo',
    ]
    const needed = ['.fly/bin/fly', '.nimble/pkgs2/a', '.tfenv/libexec/tf', '.rye/py/x', '.bun/install/x']
    const bins = [...keys, ...needed].map((path) => path.replace(/^(\.config\/)?([^/]+)\/.*$/, '$1$2/bin'))
    const files = [...keys, ...needed, '.tfenv/version', ...bins.map((bin) => `${bin}/a`)]
    const { home, root, env } = homeWith(Object.fromEntries(files.map((path) => [path, ''])))
    const list = [...bins.map((bin) => join(home, bin)), env.PATH].join(':')
    const mounts = whatIsVisible({ root }, { ...env, PATH: list }, [])
    const kinds = (paths: readonly string[]) => [...new Set(paths.map((path) => seen(mounts, join(home, path))))]
    expect(kinds(keys)).toEqual(['empty'])
    expect(kinds([...needed, ...bins])).toEqual(['layer'])
    expect(kinds(['.tfenv/version'])).toEqual(['read'])
  })

  test('of a tool deeper in a hidden folder: what is installed, too', () => {
    const keys = ['.codeium/windsurf/mcp_config.json', '.tools/fly/config.yml', '.maven/apache-3/conf/settings.xml']
    const needed = ['.jdks/21/conf/security/java.security', '.jdks/21/jmods/a', '.gvm/gos/go1.20/src/a.go']
    const files = ['.virtualenvs/a/pyvenv.cfg', '.jdks/21/release', '.gvm/gos/go1.20/VERSION']
    const tools = [
      '.codeium/windsurf',
      '.tools/fly',
      '.maven/apache-3',
      '.jdks/21',
      '.virtualenvs/a',
      '.gvm/gos/go1.20',
    ]
    const all = [...keys, ...needed, ...files, ...tools.map((tool) => `${tool}/bin/a`)]
    const { home, root, env } = homeWith(Object.fromEntries(all.map((path) => [path, ''])))
    const list = [...tools.map((tool) => join(home, tool, 'bin')), env.PATH].join(':')
    const mounts = whatIsVisible({ root }, { ...env, PATH: list }, [])
    const kinds = (paths: readonly string[]) => paths.map((path) => seen(mounts, join(home, path)))
    expect(kinds(keys)).toEqual(['empty', 'empty', 'text'])
    expect(kinds(needed)).toEqual(['layer', 'layer', 'layer'])
    expect(kinds(files)).toEqual(['read', 'read', 'read'])
  })

  test('of each installation of a toolchain: its files, and no keys in its settings', () => {
    const { home, root, tree, env } = homeWith({
      '.nvm/versions/node/v18/etc/npmrc': 'token',
      '.pyenv/versions/3.11/pip.conf': 'password',
      '.pyenv/versions/3.11/lib/a.py': '',
      '.sdkman/candidates/maven/3/conf/settings.xml':
        '<settings><mirrors><url>https://a:secret@b/</url></mirrors><servers><server><password>secret</password></server></servers></settings>',
      'deno/location_data/x': '',
      'lib/package.json': '{}',
      'lib/.dev.vars': '',
      'lib/.yarnrc.yml': '',
      'lib/id_ed25519': '',
      'lib/release.jks': '',
      'lib/.git/config': '[remote "o"]\n\turl = https://a:secret@b/\n',
      'lib/credentials.js': '',
      'lib/auth.ts': '',
    })
    mkdirSync(join(tree, 'node_modules'), { recursive: true })
    symlinkSync(join(home, 'lib'), join(tree, 'node_modules/lib'))
    const named = { ...env, DENO_DIR: join(home, 'deno') }
    const mounts = whatIsVisible({ root, tree, linked: [join(tree, 'node_modules')] }, named, [])
    const at = (path: string) => seen(mounts, join(home, path))
    const hidden = ['.dev.vars', '.yarnrc.yml', 'id_ed25519', 'release.jks'].map((name) => `lib/${name}`)
    for (const path of [
      '.nvm/versions/node/v18/etc/npmrc',
      '.pyenv/versions/3.11/pip.conf',
      'deno/location_data',
      ...hidden,
    ])
      expect([path, at(path)]).toEqual([path, 'hidden'])
    for (const path of ['.pyenv/versions/3.11/lib/a.py', 'lib/credentials.js', 'lib/auth.ts'])
      expect([path, at(path)]).toEqual([path, 'layer'])
    const texts = mounts.flatMap((mount) => (mount.kind === 'text' ? [mount.text] : []))
    expect(texts).toContain('<settings><mirrors><url>https://b/</url></mirrors></settings>')
    expect(texts.join('')).not.toContain('secret')
  })

  test('of a program that a link in PATH leads to: what lies beside it, and all folders of GOPATH', () => {
    const { home, root, env } = homeWith({
      'zig/zig': '',
      'zig/lib/std.zig': '',
      'zig/x.txt': '',
      'go2/pkg/mod/a': '',
      '.local/bin/a': '',
    })
    symlinkSync(join(home, 'zig/zig'), join(home, '.local/bin/zig'))
    const mounts = whatIsVisible(
      { root },
      { ...env, PATH: join(home, '.local/bin'), GOPATH: `${home}/go:${home}/go2` },
      [],
    )
    const kinds = ['zig/lib/std.zig', 'go2/pkg/mod/a', 'zig/x.txt'].map((path) => seen(mounts, join(home, path)))
    expect(kinds).toEqual(['layer', 'layer', 'empty'])
  })

  test('of what variables name: toolchains, and no settings, no folder that is shown in part, nothing of the tree', () => {
    const { home, root, tree, env } = homeWith({
      'tools/java/bin/java': '',
      'sdk/android/platform/x': '',
      'lib/pkgconfig/a.pc': '',
      'project/packages/a/.env': 'secret',
      '.config/pypoetry/auth.toml': 'secret',
      'poetry/auth.toml': 'secret',
      'pip/pip.conf': 'secret',
      '.hex/hex.config': 'secret',
      '.m2/settings.xml': 'secret',
      'keys/adbkey': 'secret',
    })
    symlinkSync(join(home, '.m2'), join(home, 'maven'))
    const named = {
      JAVA_HOME: 'tools/java',
      ANDROID_HOME: 'sdk/android',
      PKG_CONFIG_PATH: 'lib/pkgconfig',
      npm_config_local_prefix: 'project/packages/a',
      PYTHONPATH: 'project/packages/a',
      POETRY_CONFIG_DIR: 'poetry',
      POETRY_HOME: '.config/pypoetry',
      PIP_CONFIG_FILE: 'pip/pip.conf',
      HEX_HOME: '.hex',
      MAVEN_HOME: 'maven',
      ANDROID_USER_HOME: 'keys',
    }
    const paths = Object.fromEntries(Object.entries(named).map(([name, path]) => [name, join(home, path)]))
    const mounts = whatIsVisible({ root, tree }, { ...env, ...paths }, [])
    const at = (path: string) => seen(mounts, join(home, path))
    expect(['tools/java/bin/java', 'sdk/android/platform/x', 'lib/pkgconfig/a.pc'].map(at)).toEqual(
      Array(3).fill('layer'),
    )
    expect(at('project/packages/a/.env')).toBe('bare')
    for (const path of [
      '.config/pypoetry/auth.toml',
      'poetry/auth.toml',
      'pip/pip.conf',
      '.hex/hex.config',
      '.m2/settings.xml',
      'keys/adbkey',
    ])
      expect([path, at(path)]).toEqual([path, 'empty'])
  })

  test('of a home folder: no keys that tools keep among their own files, whatever variables and links of PATH name', () => {
    const shown = [
      '.local/share/gem/ruby/3.3.0/x.rb',
      '.local/share/uv/tools/ruff/bin/ruff',
      '.dotnet/sdk/x',
      '.bundle/ruby/3.3.0/x.rb',
      '.cache/ms-playwright/chromium-1/chrome',
      '.cache/uv/x',
      'scripts/deploy.sh',
      'lib/node_modules/a/cli.js',
      'lib/node_modules/a/b.js',
    ]
    const kept = [
      '.local/share/gem/credentials',
      '.local/share/uv/credentials/credentials.toml',
      '.local/share/keyrings/login.keyring',
      '.dotnet/corefx/cryptography/x509stores/my/a.pfx',
      '.opam/plugins/opam-publish/me.token',
      '.bundle/config',
      '.ccache/ccache.conf',
      '.cache/ms-playwright/mcp-chrome-profile/Default/Cookies',
      '.cache/other/token',
      '.n/etc/npmrc',
      'certs/client.pem',
      'history',
      'dot/.env',
      'scripts/.env',
      'scripts/notes.txt',
      '.ssh/id',
    ]
    const { home, root, env } = homeWith(
      Object.fromEntries([...shown, ...kept, '.n/bin/node'].map((path) => [path, ''])),
    )
    mkdirSync(join(home, '.local/bin'))
    for (const [name, to] of Object.entries({
      deploy: 'scripts/deploy.sh',
      a: 'lib/node_modules/a/cli.js',
      keys: '.ssh',
    }))
      symlinkSync(join(home, to), join(home, '.local/bin', name))
    const variables = {
      PATH: `/usr/bin:${home}/.local/bin:${home}/.n/bin`,
      PYTHONUSERBASE: `${home}/.local`,
      UV_CACHE_DIR: `${home}/.cache`,
      GEM_PATH: `${home}/.local/share/gem`,
      BUNDLE_PATH: `${home}/.bundle`,
      DOTNET_ROOT: `${home}/.dotnet`,
      PIP_CLIENT_CERT: `${home}/certs/client.pem`,
      PYTHON_HISTORY: `${home}/history`,
      UV_ENV_FILE: `${home}/dot/.env`,
      CCACHE_CONFIGPATH: `${home}/.ccache/ccache.conf`,
    }
    const mounts = whatIsVisible({ root }, { ...env, ...variables }, [])
    const shows = (path: string) => ['read', 'layer'].includes(seen(mounts, join(home, path)) ?? '')
    expect(shown.filter((path) => !shows(path))).toEqual([])
    expect(kept.filter(shows)).toEqual([])
  })

  test('of the system: nothing that only some users may read', () => {
    const etc = scratchFolder()
    for (const [path, mode] of [
      ['all', 0o644],
      ['root', 0o600],
      ['group', 0o640],
      ['folder/all', 0o644],
      ['folder/root', 0o400],
      ['closed/all', 0o644],
    ] as const) {
      mkdirSync(dirname(join(etc, path)), { recursive: true })
      writeFileSync(join(etc, path), '')
      chmodSync(join(etc, path), mode)
    }
    chmodSync(join(etc, 'closed'), 0o750)
    symlinkSync('root', join(etc, 'link'))
    const hidden = notForAll(etc).map((path) => relative(etc, path))
    expect(hidden.sort()).toEqual(['closed', 'folder/root', 'group', 'root'])
    const some = { isKept: (path: string) => path === join(etc, 'closed'), levels: 1 }
    expect(
      notForAll(etc, some)
        .map((path) => relative(etc, path))
        .sort(),
    ).toEqual(['group', 'root'])
    expect(notForAll(etc, { most: 2, hidesRest: false }).length).toBeLessThan(5) // no toolchain is hidden since it is large
  })

  test('of /opt, if it is a link: what its owner keeps is hidden where it is, since nothing can be mounted through a link', () => {
    const folder = realpathSync(scratchFolder())
    const opt = join(folder, 'opt')
    mkdirSync(join(folder, 'var/opt/app'), { recursive: true })
    for (const name of ['app/key', 'tool']) writeFileSync(join(folder, 'var/opt', name), 'x', { mode: 0o600 })
    symlinkSync('var/opt', opt)
    expect(notForAll(opt, { isKept: (path) => path === join(opt, 'tool') })).toEqual([join(folder, 'var/opt/app/key')])
  })

  test("of the user's working tree: installed packages, packages that they link to, and no keys beside those", () => {
    const { home, root, tree, env } = homeWith({
      'project/node_modules/dep/index.js': '',
      'project/packages/lib/package.json': '{}',
      'project/packages/lib/dist/index.js': '',
      'project/packages/lib/.env': 'secret',
      'project/src/a.ts': '',
      'linked/package.json': '{}',
      'linked/.npmrc': 'secret',
      'private/notes': '',
    })
    mkdirSync(join(tree, 'node_modules/@scope'))
    symlinkSync('../../packages/lib', join(tree, 'node_modules/@scope/lib'))
    symlinkSync(join(home, 'linked'), join(tree, 'node_modules/linked'))
    symlinkSync(join(home, 'private'), join(tree, 'node_modules/private'))
    symlinkSync('../..', join(tree, 'node_modules/up'))
    const mounts = whatIsVisible({ root, tree, linked: [join(tree, 'node_modules')] }, env, [])
    const at = (path: string) => seen(mounts, join(home, path))
    expect(at('project/node_modules/dep/index.js')).toBe('layer')
    expect(at('project/packages/lib/dist/index.js')).toBe('layer')
    expect([at('project/packages/lib/.env'), at('linked/.npmrc')]).toEqual(['hidden', 'hidden'])
    expect(at('linked/package.json')).toBe('layer')
    expect(at('project/src/a.ts')).toBe('bare')
    expect(at('private/notes')).toBe('empty')
    expect(seen(mounts, join(root, 'any'))).toBe('write')
  })

  test('of a Python package that is installed as editable: the checked files, not those of the user', () => {
    const { home, root, tree, env } = homeWith({
      'project/src/shop/__init__.py': 'old',
      'project/.venv/lib/python3.12/site-packages/_shop.pth': '',
      'project/.venv/pyvenv.cfg': 'home = /usr/bin',
      'project/.venv/bin/pip': '',
    })
    mkdirSync(join(root, 'src'))
    writeFileSync(join(tree, '.venv/lib/python3.12/site-packages/_shop.pth'), `${tree}/src\n`)
    const mounts = whatIsVisible({ root, tree, linked: [join(tree, '.venv')] }, env, [])
    expect(mounts).toContainEqual({ kind: 'copy', path: join(tree, 'src'), from: join(root, 'src') })
    expect(seen(mounts, join(home, 'project/.venv/bin/pip'))).toBe('layer')
  })

  test('through a link on the way to the home folder: the same', () => {
    const { home, root } = homeWith({ '.nvm/x': '', 'mail/inbox': '' })
    const link = join(scratchFolder(), 'home')
    symlinkSync(home, link)
    vi.stubEnv('HOME', link)
    const mounts = inOrder(whatIsVisible({ root }, { HOME: link, PATH: '/usr/bin' }, []))
    expect(mounts).toContainEqual({ kind: 'link', path: link, to: home })
    expect(seen(mounts, join(home, '.nvm/x'))).toBe('layer')
    expect(seen(mounts, join(home, 'mail/inbox'))).toBe('empty')
  })

  test('of a home or a tree that is the system itself: the system all the same', () => {
    const root = scratchFolder()
    for (const home of ['/', '/usr', '/nonexistent']) {
      const mounts = whatIsVisible({ root, tree: '/etc', linked: [] }, { HOME: home, PATH: '/usr/bin' }, [])
      expect(seen(mounts, realpathSync('/usr/bin/env'))).toBe('read')
      expect(seen(mounts, '/etc/passwd')).toBe('read')
    }
  })
})

test.each(['key', ' ', '[a] ', '[', '://a', 'a.'])('settings of one long line take no seconds: %s', (text) => {
  const started = performance.now()
  withoutCredentials(text.repeat(900_000 / text.length))
  expect(performance.now() - started).toBeLessThan(1500)
})

test('settings are shown without what opens doors', () => {
  const config = `[remote "origin"]
	url = https://ada:secret@example.org/a.git
	fetch = +refs/heads/*:refs/remotes/origin/*
[http "https://x:secret@y/"] extraheader = \\
  Authorization: secret
[credential]
	helper = !echo password=secret
[sendemail]
	smtpPass = secret
[forge]
	api-key = secret
[core]
	bare = false
`
  const clean = withoutCredentials(config)
  expect(clean).not.toContain('secret')
  expect(clean).toContain('url = https://example.org/a.git')
  expect(clean).toContain('[http "https://y/"]')
  expect(clean).toContain('\tbare = false')
})

test.each([
  'nexusPassword: hidden1\nnexusPassword hidden1',
  'nexusPwd=hidden1\ngpr.pat=hidden1\nrepoCreds=hidden1\nrepo.pw=hidden1\rsigning.phrase=hidden1',
  'org.gradle.jvmargs=-Xmx2g -Dhttp.proxyPassword=hidden1 -Xss1m',
  '[registry]\n"token" = "hidden1"\ntoken = """\nhidden1\n"""',
  '[env]\nGH_PAT = { value = "hidden1", force = true }',
  '[registry]\ncredential-provider = [\n  "hidden1"\n]',
  '[remote "o"]\n\turl = https://h/x.git?private_token=hidden1\n\tpushurl = https://u:a/hidden1@h/x',
  '[github]\n\toauth = hidden1\n[gitlab]\n\tpat = hidden1',
  '[alias]\n\tx = !curl -H "Authorization: hidden1" h',
])('settings are shown without a password in any usual form: %s', (text) => {
  expect(withoutCredentials(text)).not.toContain('hidden1')
})

test('what is left of settings is still read', () => {
  const table = '[registries]\nmy = { index = "https://h/x", token = "hidden1" }\n'
  expect(withoutCredentials(table)).toBe('[registries]\nmy = { index = "https://h/x", token = "" }\n')
  expect(withoutCredentials('org.gradle.jvmargs=-Xmx2g -DaPassword=x -Xss1m')).toBe('org.gradle.jvmargs=-Xmx2g  -Xss1m')
  const alias = '[alias]\n\td = "!curl -H \'PRIVATE-TOKEN: hidden1\' h"\n\ts = status\n'
  expect(withoutCredentials(alias)).toBe('[alias]\n\n\ts = status\n') // with half a quotation, git would read nothing
  expect(withoutCredentials('org.gradle.caching=true\nauthors=a\n')).toBe('org.gradle.caching=true\nauthors=a\n')
})

test.skipIf(reason !== null)(
  'an older bubblewrap does too: what would be a layer is read-only, caches are written elsewhere',
  async () => {
    const { home, root, env } = homeWith({ '.npm/_cacache/x': 'kept', '.gitconfig': '' })
    const cage = await openBubblewrap({ root }, { network: false, uncaged: false, readable: [], env: [] }, env, {
      layers: false,
      size: null,
      noUserns: false,
    })
    if (!isCage(cage)) throw new Error(cage.why)
    const command = 'cat ~/.npm/_cacache/x; echo > ~/.npm/_cacache/y; echo "$npm_config_cache"; unshare -Ur id -u'
    const [result] = await runChecks(root, [{ name: 'a', command }], { cage })
    expect(result!.output).toMatch(/^kept.*Read-only file system\n\/tmp\/npm\n/)
    expect(home).toBe(process.env.HOME)
  },
)

test.runIf(process.platform === 'linux')(
  'a folder with other file systems in it is no layer, which would not show them',
  () => {
    const features = { layers: true, size: null, noUserns: true, userns: true }
    const mounts = ['/dev', '/dev/pts'].map((path) => ({ kind: 'layer', path }) as const)
    const { args } = bubblewrapArgs(mounts, '/', false, features)
    expect(args.join(' ')).toMatch(/--ro-bind \/dev \/dev --overlay-src \/dev\/pts --tmp-overlay \/dev\/pts/)
  },
)

test.runIf(process.platform === 'linux')('a cage that still has the root of the machine exceeds no limit', async () => {
  const limits = { memoryBytes: 1, tasks: 1, inMemory: ['/'], disk: '/', free: { bytes: 0, files: 0 } }
  const keeper = keeperOf(Promise.resolve(`{"child-pid": ${process.pid}}`), limits)
  await Promise.resolve()
  expect(await keeper.excess()).toBe(null)
})

test('the filter of system calls refuses keys of the kernel, sockets that leave a machine, and typing', () => {
  for (const [architecture, machine, socket, keyctl, read] of [
    ['x64', 0xc000003e, 41, 250, 0],
    ['arm64', 0xc00000b7, 198, 219, 63],
  ] as const) {
    const run = (call: number, first = 0, second = 0, audit: number = machine) =>
      filtered(seccompFilter(architecture)!, [call, audit, 0, 0, first, 0, second, 0])
    expect(run(read)).toBe('allow')
    expect([1, 2, 10, 16, 38].map((family) => run(socket, family))).toEqual(Array(5).fill('allow'))
    expect(run(socket, 40)).toBe('error 97')
    expect([run(keyctl), run(425)]).toEqual(['error 1', 'error 1'])
    expect(run(architecture === 'x64' ? 16 : 29, 0, 0x5412)).toBe('error 1')
    expect(run(architecture === 'x64' ? 16 : 29, 0, 0x5413)).toBe('allow')
    expect(run(read, 0, 0, 0x40000003)).toBe('error 38') // 32 bits
    expect(run(0x40000000 + read)).toBe('error 38')
  }
  expect(seccompFilter('riscv64')).toBeNull()
})

test('the filter of system calls lets nothing slow down or hold the first process of the cage', () => {
  const own = 4242
  for (const [architecture, machine, onProcess, trace, setpriority, ioprio] of [
    ['x64', 0xc000003e, [142, 144, 203, 314, 311], 101, 141, 251],
    ['arm64', 0xc00000b7, [118, 119, 122, 274, 271], 117, 140, 30],
  ] as const) {
    const run = (call: number, first = 0, second = 0) =>
      filtered(seccompFilter(architecture)!, [call, machine, 0, 0, first, 0, second, 0])
    for (const call of onProcess)
      expect([0, own, 1].map((pid) => run(call, pid))).toEqual(['allow', 'allow', 'error 1'])
    expect([own, 1].map((pid) => run(trace, 16, pid))).toEqual(['allow', 'error 1'])
    for (const [call, process] of [
      [setpriority, 0],
      [ioprio, 1],
    ] as const) {
      expect([0, own, 1].map((pid) => run(call, process, pid))).toEqual(['allow', 'allow', 'error 1'])
      expect([1, 2].map((more) => run(call, process + more, 0))).toEqual(['error 1', 'error 1'])
    }
  }
})

/** Runs a classic BPF program on words of seccomp_data, as the kernel would. */
function filtered(program: Buffer, data: readonly number[]): string {
  let loaded = 0
  for (let at = 0; ; at++) {
    const [code, yes, no, value] = [
      program.readUInt16LE(8 * at),
      program[8 * at + 2]!,
      program[8 * at + 3]!,
      program.readUInt32LE(8 * at + 4),
    ]
    if (code === 0x20) loaded = data[value / 4]!
    else if (code === 0x15) at += loaded === value ? yes : no
    else if (code === 0x35) at += loaded >= value ? yes : no
    else return value === 0x7fff0000 ? 'allow' : `error ${value & 0xffff}`
  }
}

test('for macOS the last rule that fits decides, and everything is denied first', () => {
  const mounts: readonly Mount[] = [
    { kind: 'empty', path: '/Users/ada' },
    { kind: 'read', path: '/Users/ada/.nvm' },
    { kind: 'write', path: '/private/tmp/tree' },
    { kind: 'read', path: '/private/tmp/tree/.git' },
  ]
  const lines = sandboxProfile(mounts, '/private/tmp/own', false).split('\n')
  const line = (text: string) => lines.findIndex((one) => one.includes(text))
  expect(line('(deny file-read-data file-write*)')).toBeLessThan(line('"/Users/ada"'))
  expect(line('"/Users/ada"')).toBeLessThan(line('"/Users/ada/.nvm"'))
  expect(lines).toContain('(allow file-read* file-write* (subpath "/private/tmp/tree"))')
  expect(lines).toContain('(deny file-write* (subpath "/private/tmp/tree/.git"))')
  expect(lines).toContain('(allow file-read* file-write* (subpath "/private/tmp/own"))')
  expect(lines).toContain('(deny network*)')
  expect(sandboxProfile(mounts, null, true)).not.toContain('(deny network*)')
})
