import { describe, expect, test } from 'vitest'
import { type Case, files, resolveIn } from './resolve-in.ts'

const crate = (name: string, more = '') =>
  `[package]\nversion = "1"\nname = "${name}" # here\nauthors = [\n  "x",\n]\n${more}`

describe('Rust modules of a workspace', () => {
  const tree = {
    'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n[workspace.package]\nname = "not-a-crate"\n',
    'crates/my-core/Cargo.toml': crate('my-core'),
    'crates/cli/Cargo.toml': crate(
      'cli',
      '[lib]\nname = "cli_lib"\npath = "code/entry.rs"\n\n[[bin]]\nname = "run"\npath = "programs/run.rs"\n',
    ),
    ...files(
      ...['lib.rs', 'a.rs', 'a/b.rs', 'a/deep/mod.rs', 'a/deep/leaf.rs', 'type.rs'].map(
        (path) => `crates/my-core/src/${path}`,
      ),
      ...[
        'tests/it.rs',
        'tests/common/mod.rs',
        'examples/demo/main.rs',
        'examples/demo/part.rs',
        'build.rs',
        'gen.rs',
      ].map((path) => `crates/my-core/${path}`),
      ...[
        'code/entry.rs',
        'code/args.rs',
        'programs/run.rs',
        'programs/opts.rs',
        'src/bin/tool.rs',
        'src/bin/shared.rs',
      ].map((path) => `crates/cli/${path}`),
    ),
  }
  const core = 'crates/my-core/'
  const cases: readonly Case[] = [
    [`${core}src/lib.rs`, 'mod:a', `${core}src/a.rs`],
    [`${core}src/lib.rs`, 'mod:r#type', `${core}src/type.rs`],
    [`${core}src/a.rs`, 'mod:b', `${core}src/a/b.rs`],
    [`${core}src/a.rs`, 'mod:deep', `${core}src/a/deep/mod.rs`],
    [`${core}src/a/deep/mod.rs`, 'mod:leaf', `${core}src/a/deep/leaf.rs`],
    [`${core}src/a/b.rs`, 'mod:deep', ''],
    [`${core}src/lib.rs`, 'mod:gone', ''],
    [`${core}tests/it.rs`, 'mod:common', `${core}tests/common/mod.rs`],
    [`${core}examples/demo/main.rs`, 'mod:part', `${core}examples/demo/part.rs`],
    [`${core}build.rs`, 'mod:gen', `${core}gen.rs`],
    ['crates/cli/code/entry.rs', 'mod:args', 'crates/cli/code/args.rs'],
    ['crates/cli/programs/run.rs', 'mod:opts', 'crates/cli/programs/opts.rs'],
    ['crates/cli/src/bin/tool.rs', 'mod:shared', 'crates/cli/src/bin/shared.rs'],
    [`${core}src/lib.rs`, 'crate::a::b::Item', `${core}src/a/b.rs`],
    [`${core}src/lib.rs`, 'crate::a::b', `${core}src/a/b.rs`],
    [`${core}src/lib.rs`, 'crate::a::deep::leaf::f', `${core}src/a/deep/leaf.rs`],
    [`${core}src/a/b.rs`, 'crate::a::Thing', `${core}src/a.rs`],
    [`${core}src/a/b.rs`, 'crate::Error', `${core}src/lib.rs`],
    [`${core}src/a/b.rs`, 'crate::a::deep::*', `${core}src/a/deep/mod.rs`],
    [`${core}src/a/b.rs`, 'crate::a::deep::self', `${core}src/a/deep/mod.rs`],
    [`${core}src/a/b.rs`, 'crate::a::b::Own', ''],
    [`${core}src/a/b.rs`, 'super::deep::leaf', `${core}src/a/deep/leaf.rs`],
    [`${core}src/a/b.rs`, 'super::Thing', `~${core}src/a.rs`],
    [`${core}src/a/b.rs`, 'super::*', `~${core}src/a.rs`],
    [`${core}src/a/b.rs`, 'super::super::Error', `~${core}src/lib.rs`],
    [`${core}src/a/deep/leaf.rs`, 'super::super::b::Item', `${core}src/a/b.rs`],
    [`${core}src/lib.rs`, 'super::x', ''],
    [`${core}src/a.rs`, 'super::super::super::x', ''],
    [`${core}src/a.rs`, 'self::b::Item', `${core}src/a/b.rs`],
    [`${core}src/a.rs`, 'self::Item', ''],
    [`${core}src/a.rs`, 'b::Item', `${core}src/a/b.rs`],
    ['crates/cli/code/args.rs', 'my_core::a::b', `${core}src/a/b.rs`],
    ['crates/cli/code/args.rs', '::my_core::Error', `${core}src/lib.rs`],
    ['crates/cli/programs/run.rs', 'cli_lib::args::Args', 'crates/cli/code/args.rs'],
    ['crates/cli/programs/run.rs', 'crate::opts', 'crates/cli/programs/opts.rs'],
    [`${core}tests/it.rs`, 'my_core', `${core}src/lib.rs`],
    ['crates/cli/code/args.rs', 'not_a_crate::x', ''],
    ['crates/cli/code/args.rs', 'std::collections::HashMap', ''],
    ['crates/cli/code/args.rs', 'serde::Serialize', ''],
    ['crates/cli/code/args.rs', '', ''],
    ['crates/cli/code/args.rs', 'crate::../../x', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    expect(resolveIn('rust', tree, from, specifier)).toBe(targets)
  })
})

test('a program whose root file Cargo.toml puts elsewhere has its modules beside that file', () => {
  const manifest = crate('rg', '[[bin]]\npath = "crates/core/main.rs"\nname = "rg"\n[[test]]\npath = "tests/all.rs"\n')
  const paths = ['main.rs', 'flags/mod.rs', 'flags/defs.rs', 'search.rs'].map((path) => `crates/core/${path}`)
  const tree = {
    'Cargo.toml': manifest,
    ...files(...paths, 'tests/all.rs', 'tests/util.rs', 'tests/case.rs', 'src/other.rs'),
  }
  expect(resolveIn('rust', tree, 'crates/core/main.rs', 'mod:flags')).toBe('crates/core/flags/mod.rs')
  expect(resolveIn('rust', tree, 'crates/core/flags/mod.rs', 'crate::search::Worker')).toBe('crates/core/search.rs')
  expect(resolveIn('rust', tree, 'crates/core/flags/defs.rs', 'crate::Args')).toBe('crates/core/main.rs')
  expect(resolveIn('rust', tree, 'tests/case.rs', 'crate::util::Dir')).toBe('tests/util.rs')
})

test('of several root files above a module the deepest is its own', () => {
  const manifest = crate('x', '[[bin]]\npath = "main.rs"\n[[bin]]\npath = "tools/gen/gen.rs"\n')
  const tree = {
    'Cargo.toml': manifest,
    ...files('main.rs', 'opts.rs', 'src/lib.rs', 'src/a.rs', 'tools/gen/gen.rs', 'tools/gen/b.rs'),
  }
  expect(resolveIn('rust', tree, 'opts.rs', 'crate::Main')).toBe('main.rs')
  expect(resolveIn('rust', tree, 'src/a.rs', 'crate::Lib')).toBe('src/lib.rs')
  expect(resolveIn('rust', tree, 'tools/gen/b.rs', 'crate::Gen')).toBe('tools/gen/gen.rs')
})

test('a program has main.rs for its root', () => {
  const tree = { 'Cargo.toml': crate('app'), ...files('src/main.rs', 'src/cfg.rs') }
  expect(resolveIn('rust', tree, 'src/main.rs', 'mod:cfg')).toBe('src/cfg.rs')
  expect(resolveIn('rust', tree, 'src/cfg.rs', 'crate::Opt')).toBe('src/main.rs')
})

test('without a usable Cargo.toml, modules are found from the root file upwards', () => {
  const tree = { 'Cargo.toml': '[pack', ...files('code/lib.rs', 'code/a.rs', 'code/a/b.rs', 'lone/x.rs', 'lone/y.rs') }
  expect(resolveIn('rust', tree, 'code/a/b.rs', 'crate::a::T')).toBe('code/a.rs')
  expect(resolveIn('rust', tree, 'lone/x.rs', 'mod:y')).toBe('lone/y.rs')
})
