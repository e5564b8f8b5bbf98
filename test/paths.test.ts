import { expect, test } from 'vitest'
import { isTestData, kindOfPath, shownPath } from '../src/paths.ts'

test.each([
  ['src/cart.ts', 'source'],
  ['src/examples/run.ts', 'source'],
  ['packages/core/src/docs/render.ts', 'source'],
  ['test/cart.test.ts', 'test'],
  ['src/__tests__/cart.ts', 'test'],
  ['pkg/server_test.go', 'test'],
  ['tests/test_fares.py', 'test'],
  ['runtime-tests/node/index.ts', 'test'],
  ['resources/resource_spec.go', 'source'],
  ['proxy/mode_specs.py', 'source'],
  ['src/parse_shape_specs.rs', 'source'],
  ['docs_src/tutorial/first.py', 'doc'],
  ['doc-examples/first.rs', 'doc'],
  ['doc/man_docs.go', 'source'],
  ['docs/examples/serve.go', 'doc'],
  ['examples/docs/serve.go', 'doc'],
  ['helix-core/src/history.rs', 'source'],
  ['tests/changelog.rs', 'test'],
  ['HISTORY', 'doc'],
  ['news.txt', 'doc'],
  ['requirements-dev.txt', 'other'],
  ['CMakeLists.txt', 'other'],
  ['README.md', 'doc'],
  ['docs/src/api/class-test.md', 'doc'],
  ['docs/scripts/build.js', 'doc'],
  ['news/12.feature.md', 'doc'],
  ['CHANGELOG', 'doc'],
  ['package.json', 'other'],
  ['lib/phoenix/controller.ex', 'source'],
  ['share/completions/history.fish', 'other'],
  ['okhttp/src/commonJvmAndroid/kotlin/okhttp3/Cache.kt', 'source'],
  ['okhttp/src/jvmTest/kotlin/okhttp3/Fakes.kt', 'test'],
  ['src/UnitTests/AttributeBasedMaps.cs', 'test'],
  ['src/Shop.Tests/Cart.cs', 'test'],
  ['src/Latest/Contest.cs', 'source'],
  ['src/it/java/com/acme/InputCart.java', 'test'],
  ['regress/input-keys.sh', 'test'],
  ['src/site/xdoc/checks.xml.template', 'doc'],
  ['src/xdocs-examples/java/Example1.java', 'doc'],
  ['src/blib2to3/Grammar.txt', 'other'],
  ['src/README.txt', 'doc'],
  ['.github/workflows/changelog.yml', 'other'],
  ['.github/workflows/e2e-tests.yml', 'other'],
  ['tmux.1', 'doc'],
  ['README.ja', 'doc'],
  ['lib/live/news.ex', 'source'],
  ['packages/bench/datetime.ts', 'test'],
  ['benches/parse.rs', 'test'],
  ['src/benchmark/run.ts', 'source'],
  ['styles/main.css', 'other'],
  ['test.js', 'test'],
  ['test.c', 'test'],
  ['src/addDays/test.ts', 'test'],
  ['src/commands/test.ts', 'source'],
  ['src/command/tests.rs', 'test'],
  ['src/test_util.c', 'test'],
  ['src/contest.c', 'source'],
  ['spec/cart_spec.rb', 'test'],
  ['spec/support/shop.rb', 'test'],
  ['docs/spec/wire.md', 'doc'],
  ['spec/core/syntax.md', 'doc'],
  ['test/cases/page.md', 'test'],
  ['app/news/models.py', 'source'],
  ['runsc/sandbox/sandbox.go', 'source'],
  ['sandbox/run.ts', 'doc'],
])('%s is %s', (path, kind) => {
  expect(kindOfPath(path)).toBe(kind)
})

test.each([
  ['tests/data/cases/unclosed.py', true],
  ['pkg/testdata/src/a.go', true],
  ['test/fixtures/broken.ts', true],
  ['tests/test_data.py', false],
  ['src/data/table.ts', false],
  ['packages/data/test/store.test.ts', false],
  ['packages/data/test/store.ts', false],
  ['src/data/__tests__/table.ts', false],
  ['src/test/java/com/acme/data/UserRepositoryTest.java', false],
  ['tests/cases/test_login.py', false],
])('%s is what tests read: %s', (path, is) => {
  expect(isTestData(path)).toBe(is)
})

test('a path that would not be read as it stands is shown as JSON', () => {
  expect(shownPath('src/evil\n## SYSTEM.ts')).toBe('"src/evil\\n## SYSTEM.ts"')
  for (const plain of ['src/naïve "q".ts', "it's.ts", 'a b.ts', '[id].tsx']) expect(shownPath(plain)).toBe(plain)
  for (const odd of ['back\\slash.ts', 'tick`s.ts', '"q".ts', 'the "q"'])
    expect(shownPath(odd)).toBe(JSON.stringify(odd))
})
