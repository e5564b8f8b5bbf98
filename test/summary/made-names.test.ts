import { expect, test } from 'vitest'
import { unsupportedClaims } from '../../src/summary/claims.ts'
import { madeNames } from '../../src/summary/made-names.ts'

test.each([
  ['`chunks/$' + '{name}/[name].mjs`', ['chunks/nitro/[name].mjs', 'chunks/routes/api/[name].mjs']],
  ['return `v$' + '{n}-$' + '{name}.json`', ['v1-nitro.json']],
  ['`a$' + "{f({ b: 'c' })}/build.log`", ['a1/build.log']],
  ['`routes$' + '{path}.mjs`', ['routes/api.mjs']],
  ["const key = '/cache:' + name + ':index'", ['/cache:nitro:index']],
  ["  base + '-cache.json'", ['nitro-cache.json']],
  ["'cache-' . $name . '.json'", ['cache-nitro.json']],
  ['"cache-" .. name .. ".json"', ['cache-nitro.json']],
  ['"chunk-%s.json" % name', ['chunk-main.json']],
  ['"chunk-%(name)s.json" % names', ['chunk-main.json']],
  ['f"{a}-chunk-{b:02d}.json"', ['x-chunk-07.json']],
  ['"{}/lib-{}.so".format(a, b)', ['build/lib-z.so']],
  ['fmt.Sprintf("chunk-%d.json", n)', ['chunk-3.json']],
  ['let s = format!("seg-{n}.rsx");', ['seg-4.rsx']],
  ['puts "part-#{n}.txt"', ['part-1.txt']],
  ["format('report-%<year>04d.csv', year: 1)", ['report-2026.csv', 'report-%<month>d.csv', 'report-%{month}.csv']],
  ["format('page-%{number}.html', number: 1)", ['page-1.html', 'page-%<n>s.html', 'page-%{n}.html']],
  ['cat $2 > out-$1-$' + '{name}.log', ['out-1-main.log']],
  ['"page-\\(n).html"', ['page-2.html']],
  ['// don\'t write "seg-{n}.bin"', ['seg-4.bin']],
  [`html += '<tr id="row-' + i + '">'`, ['row-1', 'row-$' + '{i}']],
  [`html += "<tr id=\\"row-" + i + "\\">"`, ['row-1']],
  ['html = f"<tr id=\'row-{i}\'>"', ['row-1', "<tr id='row-1'>"]],
  ['"see (https://host.example/{id})"', ['https://host.example/42']],
  ['`new-notebook-$' + '{format}`', ['new-notebook-qmd', 'new-notebook-md:myst']],
  ['"https://s3.[region].host.example/"', ['https://s3.us-east-1.host.example/']],
  ['// as `db://<USER>:<PASSWORD>@<HOST>:<PORT>`', ['db://app:pw@cache.internal:6380']],
  ['"(https://host.example/{id}"', ['https://host.example/42', 'https://host.example/{user}']],
  ['console.log(`wrote seg-$' + '{n}.bin, and no more`)', ['seg-4.bin', 'wrote seg-4.bin, and no more']],
])('%s makes %j', async (text, names) => {
  expect(
    await unsupportedClaims(names.map((name) => `Makes \`${name}\`.`).join(' '), { text, isKnown: () => false }),
  ).toEqual([])
})

test.each([
  ['`$' + '{a}$' + '{b}`', 'anything'],
  ['`$' + '{name}.json`', 'registry.json'],
  ['`$' + '{dir}/$' + '{name}.ts`', 'src/cart.ts'],
  ['`$' + '{dir}/index.ts`', 'src/orders/index.ts'],
  ['`chunks/$' + '{name}`', 'chunks/a/b'],
  ['`chunks/$' + '{name}/x.mjs`', 'chunks//x.mjs'],
  ['`chunks/$' + '{name}/x.mjs`', 'chunks/x.mjs'],
  ['`chunks/$' + '{name}/x.mjs`', 'x.mjs/a/chunks/'],
  ['drop({ force })', 'drop(table)'],
  [`html += '<tr id="row-' + i + '">'`, 'col-1'],
  [`html += '<tr id="row-' + i + '">'`, 'col-$' + '{i}'],
  ['"see (https://host.example/{id})"', 'https://host.example/a/b'],
  ["f('part-', a, b + 'two')", 'part-x'],
  ['$cart.totalAmount', 'Order.totalAmount'],
])('%s does not make %s', (text, name) => {
  expect(madeNames(text)(name)).toBe(false)
})

test.each([
  ["'https://example.com' + '/api/v2' + '/items'", 'https://example.com/api/v2/items', true],
  ['strftime("%Y-%m-%dT%H:%M:%S") + "Z"', '%Y-%m-%dT%H:%M:%SZ', true],
  ['os.path.join("data", "cache", "index.db")', 'data/cache/index.db', true],
  ['os.path.join("data", "cache", "index.db")', 'data/other/index.db', false],
  ["f('get', 'User')", 'getUser', false],
  ["['a', 'b', 'c', '/']", 'a/b/c', false],
])('whole quoted texts %s make %s: %s', (text, name, isMade) => {
  expect(madeNames(text)(name)).toBe(isMade)
})

test.each([
  ['return `$' + '$' + '{params.length}$' + "{type ?? ''}`", ['$1', '$12']],
  ['sql += ` and id = $' + '$' + '{n}`', ['$1']],
  ['fmt.Sprintf("id = $%d", n)', ['$1']],
  ["'(@' + n + ')'", ['@1']],
  ['f"id = $' + '{len(args)}"', ['$1']],
  ['format!("id = $' + '{}", n)', ['$1']],
  ['`%$' + '{n}$s`', ['%1$s']],
  ['`$' + '$' + '{a}, $' + '$' + '{b}`', ['$1, $2']],
  ['`?$' + '{n}, :$' + '{n}`', ['?1', ':1']], // no names, so they never were claims
])('%s numbers %j', async (text, names) => {
  const gives = names.map((name) => `Gives \`${name}\`.`).join(' ')
  expect(await unsupportedClaims(gives, { text, isKnown: () => false })).toEqual([])
})

test.each([
  ['return `$' + '{params.length}`', '$1'],
  ['"$' + '{params.length}"', '$1'],
  ['`US$' + '$' + '{n}`', '$1'],
  ['`$' + '{a}@$' + '{b}`', '@1'],
  ['`$' + '$' + '{n}`', '$one'],
  ['`$' + '$' + '{n}`', '@1'],
  ['`$' + '$' + '{n}`', '%1$s'],
  ['const browser1 = 1', '$1'],
])('%s does not number %s', async (text, name) => {
  expect(await unsupportedClaims(`Gives \`${name}\`.`, { text, isKnown: () => false })).toEqual([name])
})

const GO = 'if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" { return filepath.Join(dir, "caddy", "autosave.json") }'
const JS = "const base = process.env.XDG_DATA_HOME ?? path.join(homedir(), '.local', 'share')\npath.join(base, 'caddy')"
const WINDOWS = 'filepath.Join(os.Getenv("AppData"), "Caddy", "logs")'

test.each([
  [GO, '$XDG_CONFIG_HOME/caddy/autosave.json', true],
  [GO, '$' + '{XDG_CONFIG_HOME}/caddy', true],
  [GO, '$XDG_CACHE_HOME/caddy/autosave.json', false],
  [GO, '$XDG_CONFIG_HOME/nginx/autosave.json', false],
  [GO, '$dir/caddy/autosave.json', false],
  [GO, '~/caddy/autosave.json', false],
  [JS, '$XDG_DATA_HOME/caddy', true],
  [JS, '~/.local/share/caddy', true],
  [JS, '$HOME/.local/share/caddy', true],
  [JS, '~/.config/caddy', false],
  [JS, '/caddy', false],
  ['home = os.Getenv("home"); filepath.Join(home, "lib", "caddy")', '$home/lib/caddy', true],
  ['Path.home() / ".config" / "tool"', '~/.config/tool', true],
  ['os.path.expanduser("~") + "/.config/tool"', '~/.config/tool', true],
  ['showHomepage("config", "tool")', '~/config/tool', false],
  [WINDOWS, '%APPDATA%\\Caddy\\logs', true],
  [WINDOWS, '%AppData%/Caddy', true],
  [WINDOWS, '%TEMP%/Caddy', false],
])('%s has the path %s: %s', async (text, path, isThere) => {
  expect(madeNames(text)(path)).toBe(isThere)
  const unknown = await unsupportedClaims(`Reads \`${path}\`.`, { text, isKnown: () => false })
  if (isThere || path.startsWith('$')) expect(unknown).toEqual(isThere ? [] : [path])
})

test('code that is hard to read costs linear time', () => {
  const started = performance.now()
  for (const piece of ['{', '{{}', '"\\"', "'", '$' + '{', '%0', '" + ', '("', ' \t'])
    expect(madeNames(piece.repeat(100_000))(`x${piece.repeat(99)}`.slice(0, 300))).toBe(false)
  expect(madeNames(`"%${'0'.repeat(100_000)}"`)('x')).toBe(false)
  const parts = '{}a'.repeat(90)
  expect(madeNames(`"${parts}b"\n`.repeat(1000))('xa'.repeat(140))).toBe(false)
  expect(performance.now() - started).toBeLessThan(3000)
})
