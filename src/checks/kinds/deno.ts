import type { CheckKind } from '../check-kind.ts'
import { sectionOf } from '../project.ts'

export const deno: CheckKind = {
  id: 'deno',
  find(project) {
    const config = ['deno.json', 'deno.jsonc'].find(project.has)
    if (!config) return null
    if (sectionOf(project.json(config), 'tasks').test !== undefined)
      return { checks: [[{ command: 'deno task test', from: `${config}, tasks.test` }]] }
    const isTested = !project.has('package.json') && project.find(/(^|\/)([^/]*[._])?test\.[jt]sx?$/) !== undefined
    return { checks: isTested ? [[{ command: 'deno test', from: config }]] : [] }
  },
}
