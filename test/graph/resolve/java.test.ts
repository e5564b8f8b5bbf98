import { describe, expect, test } from 'vitest'
import { type Case, files, resolveIn } from './resolve-in.ts'

describe('Java', () => {
  const tree = files(
    ...['app/src/main/java/com/x/y/Z.java', 'app/src/main/java/com/x/y/W.java', 'app/src/test/java/com/x/y/ZTest.java'],
    ...[
      'lib/src/com/x/Shared.java',
      'old/src/com/x/Shared.java',
      'lib/src/com/x/Use.java',
      'app/Main.java',
      'util/List.java',
    ],
    'app/src/main/java/com/x/y/notes.txt',
  )
  const main = 'app/src/main/java/com/x/y'
  const cases: readonly Case[] = [
    ['app/Main.java', 'com.x.y.Z', `${main}/Z.java`],
    ['app/Main.java', 'com.x.y.Z.Inner', `${main}/Z.java`],
    ['app/Main.java', 'com.x.y.Z.Inner.member', `${main}/Z.java`],
    ['app/Main.java', 'com.x.y.Z.*', `${main}/Z.java`],
    ['app/Main.java', 'com.x.y.*', `${main}/W.java ${main}/Z.java app/src/test/java/com/x/y/ZTest.java`],
    ['app/Main.java', 'com.x.Shared', '~lib/src/com/x/Shared.java ~old/src/com/x/Shared.java'],
    ['lib/src/com/x/Use.java', 'com.x.Shared', '~lib/src/com/x/Shared.java'],
    [`${main}/Z.java`, 'com.x.y.Z', ''],
    ['app/Main.java', 'java.util.ArrayList', ''],
    ['app/Main.java', 'List', ''],
    ['app/Main.java', 'com.none.*', ''],
    ['app/Main.java', '*', ''],
    ['app/Main.java', '', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    expect(resolveIn('java', tree, from, specifier)).toBe(targets)
  })
})

describe('Scala', () => {
  const tree = files(
    'src/main/scala/a/b/Cart.scala',
    'src/main/scala/a/b/package.scala',
    'src/main/java/a/b/Old.java',
    'X.scala',
  )
  const cases: readonly Case[] = [
    ['X.scala', 'a.b.Cart', '~src/main/scala/a/b/Cart.scala'],
    ['X.scala', '_root_.a.b.Cart.total', '~src/main/scala/a/b/Cart.scala'],
    ['X.scala', 'a.b.Old', '~src/main/java/a/b/Old.java'],
    [
      'X.scala',
      'a.b._',
      '~src/main/java/a/b/Old.java ~src/main/scala/a/b/Cart.scala ~src/main/scala/a/b/package.scala',
    ],
    ['X.scala', 'a.b.Cart.*', '~src/main/scala/a/b/Cart.scala'],
    ['X.scala', 'scala.util.Try', ''],
  ]
  test.each(cases)('in %s, %s means "%s"', (from, specifier, targets) => {
    expect(resolveIn('scala', tree, from, specifier)).toBe(targets)
  })
})

test("C#'s using names a namespace, not a file", () => {
  expect(resolveIn('csharp', files('A/B/C.cs', 'X.cs'), 'X.cs', 'A.B.C')).toBe('')
})

test('Kotlin imports its own files and those of Java, by name', () => {
  const tree = files('src/main/kotlin/a/b/Cart.kt', 'src/main/java/a/b/Old.java', 'X.kt')
  expect(resolveIn('kotlin', tree, 'X.kt', 'a.b.Cart')).toBe('~src/main/kotlin/a/b/Cart.kt')
  expect(resolveIn('kotlin', tree, 'X.kt', 'a.b.Old')).toBe('~src/main/java/a/b/Old.java')
  expect(resolveIn('kotlin', tree, 'X.kt', 'kotlin.collections.List')).toBe('')
})
