import { describe, expect, test } from 'vitest'
import { cleanComment, isBesideTheCode } from '../../src/parse/clean-comment.ts'

describe('cleanComment', () => {
  test.each([
    ['a line comment', '// one\n//two\n//   indented', 'one\ntwo\n  indented'],
    ['a block', '/**\n * One.\n *\n * Two.\n */', 'One.\n\nTwo.'],
    ['a block on one line', '/** One. */', 'One.'],
    ['a block without stars', '/*\n   One.\n     Two.\n*/', 'One.\n  Two.'],
    ['hashes', '# one\n#\n# two', 'one\n\ntwo'],
    ["Rust's", '/// One.\n/// - item\n', 'One.\n- item'],
    ["Rust's inner", '//! One.', 'One.'],
    ["Doxygen's", '/*! One. */', 'One.'],
    ["Sphinx's", '#: One.', 'One.'],
    ["Ruby's block", '=begin\nOne.\n=end', 'One.'],
    ['Windows line ends', '/**\r\n * One.\r\n */', 'One.'],
  ])('takes the marks off %s', (_, comment, text) => {
    expect(cleanComment(comment)).toBe(text)
  })

  test('cleans a comment of 200,000 lines', () => {
    expect(cleanComment('// x\n'.repeat(200_000)).length).toBe(399_999)
  })

  test('keeps lists, emphasis and examples', () => {
    expect(cleanComment('/**\n * **Bold**:\n * - a\n *   - b\n *\n *     code()\n */')).toBe(
      '**Bold**:\n- a\n  - b\n\n    code()',
    )
  })

  test('takes common indentation off a docstring and leaves its own marks', () => {
    expect(cleanComment('One.\n\n    * item\n      more\n    # not a comment\n    ')).toBe(
      'One.\n\n* item\n  more\n# not a comment',
    )
  })

  test('takes rules off headings', () => {
    expect(cleanComment('// ---- Helpers ----')).toBe('Helpers')
    expect(cleanComment('// ==========\n// Helpers\n// ==========')).toBe('Helpers')
  })

  test.each([
    '// eslint-disable-next-line no-undef',
    '// @ts-ignore',
    '/* istanbul ignore next */',
    '# type: ignore',
    '# -*- coding: utf-8 -*-',
    '# rubocop:disable Style/Documentation',
    '# shellcheck disable=SC2086',
    '//go:generate stringer',
    '//nolint:all',
    '// prettier-ignore',
    '# frozen_string_literal: true',
  ])('finds nothing for people in %s', (comment) => {
    expect(cleanComment(comment)).toBe('')
  })

  test("says C#'s elements in words", () => {
    const comment =
      '/// <summary>\n/// Adds <paramref name="a"/> to <see cref="T:N.Cart"/>.\n/// </summary>\n/// <param name="a">An item.</param>\n/// <returns>True if a &lt; b.</returns>'
    expect(cleanComment(comment)).toBe('Adds a to N.Cart.\na: An item.\nReturns: True if a < b.')
  })

  test('says links as what they link to', () => {
    expect(cleanComment('/** See {@link Cart} and {@code a\n * b}. */')).toBe('See Cart and a\nb.')
  })
})

describe('isBesideTheCode', () => {
  test.each([
    '// Copyright (c) 2020 X',
    '/* Licensed to the Apache Software Foundation */',
    '# SPDX-License-Identifier: MIT',
    '// Use of this source code is governed by a BSD-style license',
    '/**\n * Module dependencies.\n * @private\n */',
    '/*-*************\n*  Dependencies\n****************/',
    '# external dependencies',
  ])('tells that %s says nothing of the code', (comment) => {
    expect(isBesideTheCode(comment)).toBe(true)
  })

  test('leaves comments alone that mention a licence further on, or as a subject', () => {
    expect(isBesideTheCode('/** Reads licences of packages. */')).toBe(false)
    expect(isBesideTheCode('// Dependencies of the packages that are installed')).toBe(false)
    expect(isBesideTheCode(`/** ${'What it does. '.repeat(60)} Copyright X */`)).toBe(false)
  })
})
