import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { isOfWork, workOn } from '../../src/processes/worked-on.ts'
import { isWindows } from '../helpers/platform.ts'
import { scratchFolder } from '../repo/scratch-repo.ts'

test('a folder that this process works on counts, with all that is or will be in it', () => {
  const [root, other] = [scratchFolder(), scratchFolder()]
  expect(isOfWork(root)).toBe(false)
  expect([workOn(root), workOn(root), workOn(join(root, 'none'))]).toEqual([true, false, false])
  writeFileSync(join(root, 'a'), '')
  for (const path of ['', 'a', 'none/yet', '../x/..'])
    expect([path, isOfWork(join(root, path))]).toEqual([path, path !== '../x/..'])
  expect([isOfWork(other), isOfWork(`${root}x`), isOfWork(join(other, 'none'))]).toEqual([false, false, false])
})

test.skipIf(isWindows)('links count wherever they lead, and ".." as the system reads it', () => {
  const [root, other] = [scratchFolder(), scratchFolder()]
  workOn(root)
  mkdirSync(join(root, 'bin'))
  symlinkSync(root, join(other, 'in'))
  symlinkSync(other, join(root, 'out'))
  symlinkSync('in/bin', join(other, 'relative'))
  symlinkSync('circle', join(other, 'circle'))
  for (const path of ['in', 'in/x', 'relative', 'in/out', 'circle'])
    expect([path, isOfWork(join(other, path))]).toEqual([path, true])
  const above = `${root}/../${basename(other)}`
  for (const [path, isOf] of [
    [`${root}/..`, false],
    [above, false], // the content of the repository does not decide where it leads
    [`${root}/bin/../../${basename(other)}`, true], // `bin` may become a link
    [`${other}/in/..`, false],
    [`${above}/in/bin`, true],
  ] as const)
    expect([path, isOfWork(path)]).toEqual([path, isOf])
})

test.skipIf(isWindows)('a repository that is cloned again at the same path counts after the next workOn()', () => {
  const root = join(scratchFolder(), 'project')
  mkdirSync(root)
  workOn(root)
  const before = scratchFolder()
  rmSync(root, { recursive: true })
  mkdirSync(join(before, 'x')) // takes the inode of the old one, if the system uses it again
  mkdirSync(root)
  workOn(root)
  expect(isOfWork(join(root, 'bin'))).toBe(true)
})
