import { expect, test } from 'vitest'
import { languageOfPath, WITHOUT_GRAMMAR } from '../../src/parse/languages/index.ts'
import { parseSource, syntaxErrors } from '../../src/parse/parse-source.ts'
import { processorMs } from '../helpers/processor-ms.ts'

const found = (language: string, ...lines: string[]) =>
  parseSource(lines.join('\n'), language).symbols.map(
    ({ kind, qualified, lines: { first, last } }) => `${kind} ${qualified} ${first}-${last}`,
  )

test('Kotlin: classes with their members, extensions, values of the file, titles of tests', () => {
  const text = [
    'package shop',
    'import shop.money.Rate',
    '/** A cart. */',
    '@Serializable',
    'data class Cart(',
    '  val lines: List<Line>,',
    ') : Priced() {',
    '  // in pence',
    '  override fun total(rate: Rate): Int {',
    '    val sum = lines.sumOf { it.price }',
    '    return rate.of(sum)',
    '  }',
    '  companion object {',
    '    fun empty() = Cart(listOf())',
    '  }',
    '}',
    'private const val MOST = 9',
    'suspend fun <T> List<T>.second(): T = this[1]',
    'fun `the total is rounded`() {',
    '}',
  ]
  expect(found('kotlin', ...text)).toEqual([
    'class Cart 5-16',
    'method Cart.total 9-12',
    'method Cart.empty 14-14',
    'value MOST 17-17',
    'method List.second 18-18',
    'test the total is rounded 19-20',
  ])
  const { symbols, references } = parseSource(text.join('\n'), 'kotlin')
  expect(symbols[1]).toMatchObject({ signature: 'override fun total(rate: Rate): Int', doc: 'in pence' })
  const named = (kind: string) => references.filter((one) => one.kind === kind).map(({ name }) => name)
  expect(named('import')).toEqual(['shop.money.Rate'])
  expect(named('call')).toEqual(expect.arrayContaining(['Priced', 'of', 'listOf']))
  expect(named('use')).toEqual(expect.arrayContaining(['Rate', 'Line']))
})

test.each([
  [
    'swift',
    ['extension Cart {', '    public mutating func add(_ line: Line) {', '    }', '}', 'struct Line {', '}'],
    ['method Cart.add 2-3', 'class Line 5-6'],
  ],
  [
    'elixir',
    [
      'defmodule Shop.Cart do',
      '  @doc """',
      '  def is a word here',
      '  """',
      '  def total!(cart) do',
      '  end',
      '  defp one, do: 1',
      'end',
    ],
    ['class Shop.Cart 1-8', 'method Shop.Cart.total! 5-6', 'method Shop.Cart.one 7-7'],
  ],
  [
    'lua',
    ['local Cart = {}', 'function Cart:total()', 'end', 'local function one() end', '--[[', 'function none()', ']]'],
    ['method Cart.total 2-3', 'function one 4-4'],
  ],
  [
    'zig',
    ['pub const Cart = struct {', '    pub fn total(self: Cart) u32 {', '        return 1;', '    }', '};'],
    ['value Cart 1-5', 'function Cart.total 2-4'],
  ],
  [
    'clojure',
    ['(ns shop.cart)', '(defn total', '  [cart]', '  (count cart))', '; (defn none [])', '(def most-lines 9)'],
    ['function total 2-4', 'function most-lines 6-6'],
  ],
  [
    'ocaml',
    ['(* let none = 1 *)', 'module Cart = struct', '  type line = int', 'end', 'let rec total cart =', '  1'],
    ['class Cart 2-4', 'type Cart.line 3-3', 'value total 5-6'],
  ],
  [
    'crystal',
    ['class Shop::Cart', '  # Pence.', '  def empty?', '  end', 'end'],
    ['class Shop.Cart 1-5', 'method Shop.Cart.empty? 3-4'],
  ],
  [
    'dart',
    ['abstract class Cart<T> {', '}', 'const Cart cart = none;', 'typedef Price = int;'],
    ['class Cart 1-2', 'type Price 4-4'],
  ],
  [
    'solidity',
    [
      'contract Cart is Owned {',
      '    event Sold(uint id);',
      '    function total() public view returns (uint) {',
      '    }',
      '}',
    ],
    ['class Cart 1-5', 'method Cart.Sold 2-2', 'method Cart.total 3-4'],
  ],
])('%s', (language, text, symbols) => {
  expect(found(language, ...text)).toEqual(symbols)
})

test('texts that are odd are read in time, and no syntax is wrong without a grammar', async () => {
  for (const text of [
    'fun '.repeat(50_000),
    'fun a(\n'.repeat(10_000),
    ' fun a\n'.repeat(20_000),
    '"""\n#'.repeat(50_001),
    '/*\n'.repeat(50_000),
    '{-'.repeat(50_000),
    `${' '.repeat(9)}fun a(`.repeat(20_000),
    '@a('.repeat(60_000),
    '<'.repeat(100_000),
    'class A\n'.repeat(20_000),
    'a.'.repeat(60_000),
    `fun ${'a.'.repeat(60_000)}`,
    `class ${'a<'.repeat(60_000)}`,
  ])
    expect(await processorMs(() => parseSource(text, 'kotlin'))).toBeLessThan(2000)
  expect(syntaxErrors('fun (((', 'kotlin')).toEqual([])
  for (const [language, endings] of Object.entries(WITHOUT_GRAMMAR))
    for (const ending of endings) expect(languageOfPath(`a${ending}`)).toBe(language)
})
