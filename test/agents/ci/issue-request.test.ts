import { describe, expect, test } from 'vitest'
import { issueRequest } from '../../../agents/ci/issue-request.ts'

const request = (body: string) => issueRequest({ number: 1, title: 'Raise the price', body })
const fence = '```'

describe('text that a page does not show is no part of a request', () => {
  test.each([
    ['a comment', '<!-- HIDDEN -->'],
    ['a comment that is not closed', '<!-- HIDDEN'],
    ['a definition of a link', '[//]: # "HIDDEN"'],
    ['one in brackets', '[comment]: # (HIDDEN)'],
    ['its name', '[HIDDEN text]: https://example.com'],
    ['one over several lines', "[a]:\n  <https://example.com>\n  'x\nHIDDEN'"],
    ['a footnote that nothing names', '[^1]: HIDDEN\nand HIDDEN\n\n    HIDDEN'],
    ['an instruction', '<? HIDDEN\n\nHIDDEN ?>'],
    ['an instruction that is not closed', '<? HIDDEN\n\nHIDDEN'],
    ['a declaration', '<!X HIDDEN>'],
    ['CDATA', '<![CDATA[ HIDDEN ]]>'],
    ['an attribute', '<p data-x="HIDDEN">shown</p>'],
    ['an attribute without quotes', '<p HIDDEN=HIDDEN\n HIDDEN>shown</p>'],
    ['a script', '<script>HIDDEN</script>'],
    ['a title of a link', '[shown](https://example.com "HIDDEN")'],
    ['words behind a language', `${fence}js HIDDEN HIDDEN\nshown\n${fence}`],
    ['a fence within HTML', `<div>\n${fence}\n<? HIDDEN ?>\n${fence}\n</div>`],
    ['backticks that are escaped', '\\` <? HIDDEN ?> \\`'],
    ['a fence within a comment', `<!--\n${fence}\n-->\n<? HIDDEN ?>\n<!--\n${fence}\n-->`],
  ])('%s', (_, text) => {
    const asked = request(`Please.\n\n${text}\n`)
    expect(asked).toMatch(/^Raise the price\n\nPlease\./)
    expect(asked).not.toContain('HIDDEN')
  })
})

test('what a page shows stays', () => {
  const body = [
    'Use `<?php echo 1 ?>` and [the page](https://example.com), see [^1]; `<a b="c">` fails with',
    '[Error]: cannot read "x"',
    `${fence}php\n<?php f("x") ?>\n[a]: b "c"\n<p class="d">\n${fence}`,
    'a < b and b > c, 3 <4',
    '[^1]: only here',
    '- [ ] a task\n- [x] another',
  ].join('\n\n')
  expect(request(body)).toBe(`Raise the price\n\n${body}`)
})

test('hostile text takes no long time', () => {
  const parts = [
    '<?',
    '<!',
    '<a b="',
    '[a]: b "',
    '[^a]: x\n\n    ',
    '`',
    '``` ',
    '```\n',
    '](a "',
    '<p ',
    '\n<x\n',
    '[a\\',
    '<script',
    '<!--',
    '\\`',
  ]
  for (const part of parts)
    for (const text of [part.repeat(30_000), `${part}${'a '.repeat(30_000)}`, `${part}x`.repeat(10_000)]) {
      const before = process.cpuUsage().user
      request(text)
      expect(process.cpuUsage().user - before, part).toBeLessThan(1_500_000)
    }
})

test('a definition of a link with sixty thousand blanks takes no time', () => {
  const start = performance.now()
  expect(request(`[a]:${' '.repeat(59_000)}\n\n`)).toMatch(/^Raise the price\s+\[a\]:$/)
  expect(performance.now() - start).toBeLessThan(1000)
})
