const ASKS = /^\W*(?:how|what|where|why|when|which|who|whose)\b/i
const ASKS_WHETHER = /^\W*(?:is|are|does|do|did|was|were|has|have)\b/i
const ASKS_HOW = /\bhow\b|\b(?:what|where) (?:do|does|must|should|has|have|is needed)\b/i
const ANOTHER =
  /\bnew\s|\banother\b|\b(?:add|register|introduce|create|write|make)\s+(?:a|an|my|our)\b|\ban?\s[\w -]{1,40}?(?:added|registered|introduced|created)\b/i

/** Whether the first line of a request is a question about the code: 'Where is X done?', not 'Can you add X?'. */
export function isQuestion(request: string): boolean {
  const [first = ''] = request.trim().split('\n')
  const mark = first.lastIndexOf('?')
  return ASKS.test(first) || (ASKS_WHETHER.test(first) && mark >= 0 && !/\w/.test(first.slice(mark)))
}

/** Whether a question asks how such a thing is usually made: 'How is a new formatter registered?' */
export function asksHowAdded(question: string): boolean {
  return ASKS_HOW.test(question) && ANOTHER.test(question)
}
