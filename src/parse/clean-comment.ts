import { trimEndOf } from '../text/trim-end.ts'

/** A comment without its marks (slashes, stars, hashes), decoration, tool directives and common indentation. Paragraphs are kept. */
export function cleanComment(comment: string): string {
  const lines = comment.split('\n').map((line) => line.trimEnd())
  const isMarked = /^\s*(\/\*|\/\/|#|--|;|=begin)/.test(comment)
  const bare = isMarked ? lines.map(withoutMarks) : lines
  const text = dedent(bare.filter((line) => !isDirective(line)).map(withoutRules))
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return /^\s*\/\/\//.test(comment) && text.includes('</') ? plainXml(text) : plainTags(text)
}

const LICENSE =
  /copyright|licen[sc]ed? (under|to)|governed by (a|an|the)\b|SPDX-|all rights reserved|permission is hereby granted/i
const BANNER =
  /^\W*((module|external|internal|local|system|standard|required|node) )?(dependenc(y|ies)|includes?|imports?|headers?|compiler specifics?)\W*(@(private|api \w+)\W*)?$/i

/** Comments that do not describe code: copyright headers, and titles of the imports below them. */
export function isBesideTheCode(text: string): boolean {
  return LICENSE.test(text.slice(0, 600)) || BANNER.test(text)
}

function withoutMarks(line: string): string {
  const open = line.endsWith('*/') ? trimEndOf(line.slice(0, -1), '*').trimEnd() : line
  return open
    .replace(/^\s*\/\*+[!<]?/, '')
    .replace(/^\s*(\/\/[/!]*<?|#+[!:]?|\*(?!\/)|--+|;+) ?/, '')
    .replace(/^=(begin|end)\b/, '')
}

/** '---- Helpers ----' becomes 'Helpers'; a line of rules only becomes empty. */
function withoutRules(line: string): string {
  const open = line.replace(/^\s*[-=*#~_/]{4,}\s*/, '')
  const bare = trimEndOf(open, '-=*#~_/')
  return open.length - bare.length >= 4 ? bare.trimEnd() : open
}

// Directives for linters, formatters, compilers and editors.
const DIRECTIVE = new RegExp(
  [
    String.raw`^\s*(eslint|tslint|oxlint|jshint|jslint|prettier-|biome-|@ts-|@flow|@jsx|@vitest|@jest|istanbul |c8 |v8 |webpackC|#__|@__|deno-)`,
    String.raw`^\s*(type: *ignore|noqa|pylint:|mypy:|ruff:|isort:|fmt:|pragma:|flake8|rubocop:|typed: |frozen_string_literal|shellcheck |nolint|NOLINT|noinspection |clang-format|phpcs:|@phpstan-|@psalm-suppress|scalafmt:|scalastyle:|ReSharper (disable|restore))`,
    String.raw`^(go:\w|\+build |line .+:\d+$)`,
    String.raw`-\*-.*-\*-|^\s*(en)?coding[:=]|^\s*vi(m)?:|<reference |^\s*#(end)?region\b|^!/`,
  ].join('|'),
)

function isDirective(line: string): boolean {
  return DIRECTIVE.test(line)
}

/** The first line followed the comment mark, so its indentation does not count. */
function dedent(lines: readonly string[]): string {
  const [first = '', ...rest] = lines
  let common = 80 // no spread: a comment may have 100,000 lines
  for (const line of rest) if (line !== '') common = Math.min(common, line.length - line.trimStart().length)
  return [first.trimStart(), ...rest.map((line) => line.slice(Math.min(common, line.length)))].join('\n')
}

/** C#'s XML documentation as plain text. */
function plainXml(text: string): string {
  return text
    .replace(/<(?:see|seealso|paramref|typeparamref)\s+\w+="(?:\w:)?([^"]*)"\s*\/>/g, '$1')
    .replace(/<(?:param|typeparam|exception)\s+\w+="(?:\w:)?([^"]*)"\s*>/g, '\n$1: ')
    .replace(/<returns>/g, '\nReturns: ')
    .replace(/<\/?[a-z]\w*(\s[^<>]*)?\/?>/gi, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n')
}

/** `{@link Cart}` becomes Cart; Javadoc's paragraph tags are removed. */
function plainTags(text: string): string {
  return text
    .replace(/\{@\w+\s([^{}]*)\}/g, (_, said: string) => said.trimStart())
    .replace(/^<\/?(p|ul|ol|pre)>\s?/gm, '')
}
