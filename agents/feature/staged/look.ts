import { blocking } from '../../../src/processes/blocking.ts'
import { parseLooks } from '../parse-looks.ts'
import { parseReply } from '../parse-reply.ts'
import { openPrompt } from '../prompts.ts'
import { failedEnd, lackingEnd, openWhole, type Step } from './state.ts'

const UNGUIDED = 3 // files that are opened when the model names none
const LIST_HEAD =
  'Files, the first numbers the likeliest to change: number, name, lines: some definitions with their lines.'

/**
 * The first call: the model names what it must see. This call is saved if there is a plan, or if a few files are almost certain: the next
 * call shows these places together with the list.
 */
export const look: Step = async (state, { request, list, plan = [], ask }) => {
  const planned = plan.flatMap((one) => parseLooks(/^search /.test(one) ? one : `open ${one}`, []))
  if (planned.length > 0) {
    state.wanted = planned
    state.pack = `${LIST_HEAD}\n${list.text}`
  } else if (list.sure.length > 0) {
    state.wanted = list.sure.map(openWhole)
    state.pack = `${LIST_HEAD}\n${list.text}`
  } else {
    const reply = await ask('open', openPrompt({ request, pack: list.text, shown: '', news: '' }))
    if (reply.stop !== 'done') return failedEnd(state, reply)
    const { looks, notEnough } = await blocking(() => parseReply(reply.content, list.listed))
    if (notEnough !== null) return lackingEnd(state, notEnough)
    state.wanted = looks.length > 0 ? looks : list.listed.slice(0, UNGUIDED).map(openWhole)
    state.opens = 1
  }
  state.looked = state.wanted
  return 'edit'
}
