import { execSync } from 'node:child_process'
import { PACKAGE_ROOT } from '../../src/assets.ts'
import { isBuilt } from './built-modules.ts'

// before the tests: a build of unchanged sources takes four seconds for nothing
if (!isBuilt(PACKAGE_ROOT)) execSync('npm run build', { cwd: PACKAGE_ROOT, stdio: 'inherit' })
