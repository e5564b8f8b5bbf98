import { posix } from 'node:path'
import type { RepoPath } from '../types.ts'

/**
 * More files of the kinds in decides-checks.ts, by names and ends of paths ('config/boot.rb'). '*' is any part of a name; '/' at the start
 * means the top folder. Case does not count, since some file systems ignore it.
 */
const NAMES: Readonly<Record<string, string>> = {
  'a lock file': 'pixi.lock go.work.sum gems.locked luarocks.lock renv.lock manifest.toml',
  'what a package manager installs and runs': `
    package.json5 package.yaml jsr.json rush.json rush/command-line.json dotnet-tools.json
    pixi.toml poetry.toml uv.toml pdm.toml hatch.toml pip.conf buildout.cfg conanfile.py conanfile.txt vcpkg.json
    gems.rb appraisals rust-toolchain rust-toolchain.toml cross.toml vendor/modules.txt go.env *.nix devbox.json
    pubspec.yaml melos.yaml project.clj deps.edn bb.edn build.boot shadow-cljs.edn ivy.xml
    stack.yaml cabal.project* *.cabal *.opam *.nimble *.rockspec *.gpr *.slnx esy.json dub.json dub.sdl shard.yml
    cpanfile dist.ini makefile.pl build.pl /description /namespace renv/activate.r project.toml v.mod
    paket.dependencies paket.references packages.config packages.dhall spago.dhall spago.yaml elm.json gleam.toml
    rebar.config.script cartfile mintfile brewfile foundry.toml move.toml scarb.toml anchor.toml alire.toml fpm.toml`,
  'what a build runs': `
    /build.js /build.mjs /build.cjs /build.ts /build.py /build.clj build.cake build.fsx build.sc build.mill build.xml build.zig.zon build.ninja
    build.yaml build.gradle.* /mill waf wscript binding.gyp esbuild.* webpack.mix.js ember-cli-build.js angular.json workspace.json
    project.json ts-node.json hatch_build.py pdm_build.py pavement.py manage.py /bootstrap.py snakefile sconscript
    makefile.* *.mak *.pro *.pri *.qbs *.props *.targets *.rsp *.vcxproj *.xcconfig *.xcscheme *.pbxproj *.xcworkspacedata *.just
    meson_options.txt meson.options cmakeuserpresets.json toolchain.cmake /bootstrap config.guess config.sub install-sh /missing depcomp
    xmake.lua premake5.lua tupfile tuprules.tup kbuild kconfig jamfile jamroot buck build.pants pants.toml
    taskfile.dist.yml taskfile.dist.yaml tiltfile guardfile capfile thorfile steepfile dangerfile fastfile jakefile gruntfile.coffee
    config.ru mage.go magefile.go magefiles/* xtask/src/* buildsrc/* build-logic/* rakelib/* dune dune-project dune-workspace
    myocamlbuild.ml _oasis setup.hs setup.lhs shake.hs shakefile.hs nim.cfg config.nims *.vsh artisan bin/console robo.php robofile.php
    castor.php /deployer.php phing.xml rector.php ecs.php truffle-config.js brownie-config.yaml ape-config.yaml earthly.yml
    docker-bake.hcl skaffold.yaml procfile.dev pulumi.yaml cdk.json serverless.yml run-tests* run_tests* runtests*`,
  'how tests are run': `
    pytest.toml pytest_plugins.py behave.ini features/environment.py nose.cfg unittest.cfg mypy.ini pylintrc bandit.yaml robot.toml
    setuptests.* setup-jest.* setup-vitest.* jest-setup.* vitest-setup.* vitest.shims.d.ts test/setup.* tests/setup.* test/helper.*
    mocha.opts jasmine.* wallaby.js testcafe.json cypress/support/* /register.js /loader.mjs
    nextest.toml clippy.toml config/boot.rb config/application.rb config/environment.rb support/env.rb cucumber.yml
    phpunit.dist.xml phpstan*.neon psalm.xml pest.php tests/bootstrap.php test/bootstrap.php codeception.yml behat.yml* phpspec.yml
    infection.json5 grumphp.yml php.ini config/*.exs test_helper.exs sys.config elm-test.json dart_test.yaml flutter_test_config.dart
    analysis_options.yaml runtests.jl testthat.r testthat/setup* testthat/helper* t/00* tests.edn profiles.clj xunit.runner.json
    *.runsettings web.config app.config ctestcustom.cmake ctestconfig.cmake testsuite.at`,
  'what runs for changes elsewhere (CI)': 'circle.yml pipeline.yml appspec.yml grunt.yml',
  'a script': '*.nu *.ksh *.csh *.tcl *.awk *.bats *.expect',
}

/** What a file of this name decides; null: nothing that is known. */
export function decidedByName(path: RepoPath): string | null {
  const lower = path.toLowerCase()
  const parts = lower.split('/')
  for (const { what, exact, patterns } of table()) {
    const ends = [posix.basename(lower), parts.slice(-2).join('/'), `/${lower}`]
    if (ends.some((end) => exact.has(end))) return what
    if (patterns.some((pattern) => pattern.test(lower))) return what
  }
  return null
}

interface Row {
  readonly what: string
  readonly exact: ReadonlySet<string>
  readonly patterns: readonly RegExp[]
}

let compiled: readonly Row[] | undefined

function table(): readonly Row[] {
  compiled ??= Object.entries(NAMES).map(([what, list]) => {
    const names = list.split(/\s+/).filter(Boolean)
    return {
      what,
      exact: new Set(names.filter((name) => !name.includes('*'))),
      patterns: names.filter((name) => name.includes('*')).map(patternOf),
    }
  })
  return compiled
}

/** 'xtask/src/*' also covers what lies deeper. */
function patternOf(name: string): RegExp {
  const text = name.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
  const [start, end] = text.endsWith('/*') ? [text.slice(0, -1), '.*'] : [text, '']
  return new RegExp(`(^|/)${start.replaceAll('*', '[^/]*')}${end}$`)
}
