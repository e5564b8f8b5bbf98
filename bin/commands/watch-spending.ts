import { count } from '../format.ts'
import type { Wire } from '../wire.ts'

/** Printed before a daemon starts: what it may send and spend while nobody looks, or that it spends nothing and why. One line. */
export async function spendingOf(wire: Wire): Promise<string> {
  const [{ root }, config, llm] = await Promise.all([wire.repo(), wire.config(), wire.llmIfAny('sleep')])
  const { dayTokens, dayUsd, monthTokens, monthUsd } = config.caps
  const caps = [
    dayTokens === undefined ? [] : [`${count(dayTokens)} tokens a day`],
    dayUsd === undefined ? [] : [`US$${dayUsd} a day`],
    monthTokens === undefined ? [] : [`${count(monthTokens)} tokens a month`],
    monthUsd === undefined ? [] : [`US$${monthUsd} a month`],
  ].flat()
  if (!llm) return `${root}: no model is set, so nothing is sent and nothing spent`
  if (caps.length === 0)
    return `${root}: ${llm.model} is set, but no cap: nothing is sent and nothing spent (add "caps": {"dayTokens": 500000} to ~/.config/repose/config.json)`
  const to = config.baseUrl ?? 'https://api.openai.com/v1'
  return `${root}: while you rest, the text of files is sent to ${llm.model} at ${to}; at most ${caps.join(', ')}`
}
