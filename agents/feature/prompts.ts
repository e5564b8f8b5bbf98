import { readAsset } from '../../src/assets.ts'
import { shownPath } from '../../src/paths.ts'
import { clipTokens } from '../../src/summary/clip-tokens.ts'
import { inTags } from '../../src/text/in-tags.ts'
import type { Message, RepoPath } from '../../src/types.ts'
import type { UsualCompanion } from './usual-companions.ts'

const prompt = (name: string) => readAsset(`agents/feature/prompts/${name}.md`).trim()

const SHORT_REQUEST = 200 // tokens

/** Parts that every stage shows. Text that stays the same comes first, so that prompt caches hit. */
export interface Stage {
  readonly request: string
  /** Ranked files and outlines: the part of the pack that this stage needs. */
  readonly pack: string
  /** What the model asked to see, in its present state. */
  readonly shown: string
  /** What was done and its result: refused edits, failed checks. */
  readonly news: string
}

/** First stage: which definitions must be seen? */
export function openPrompt(stage: Stage): readonly Message[] {
  return messages(stage, [prompt('open')])
}

/** Second stage: all edits; or, while `mayAsk`, what is still missing. */
export function editPrompt(stage: Stage, mayAsk: boolean): readonly Message[] {
  return messages(stage, [prompt('edit'), ...(mayAsk ? [prompt('more')] : [])])
}

/**
 * After the edits: files that are usually changed too and were not opened. The prompt is short, since the reply is seldom more than a
 * note.
 */
export function usualPrompt(
  request: string,
  changed: readonly RepoPath[],
  companions: readonly UsualCompanion[],
): readonly Message[] {
  const files = companions.map(({ path, why }) => `${shownPath(path)} (${why})`).join('\n')
  const text = prompt('usual')
    .replace('{files}', () => files)
    .replace('{changed}', () => changed.map(shownPath).join('\n'))
  return [{ role: 'user', content: `${asked(clipTokens(request.trim(), SHORT_REQUEST))}\n\n${text}` }]
}

/** After a reply that has only notes: asks whether they say that nothing is to be changed. Shows no code, so it costs little. */
export function noEditPrompt(request: string, notes: readonly string[]): readonly Message[] {
  const said = clipTokens(notes.join('\n'), SHORT_REQUEST)
  const text = prompt('no-edit').replace('{notes}', () => fence('reply', said))
  return [{ role: 'user', content: `${asked(clipTokens(request.trim(), SHORT_REQUEST))}\n\n${text}` }]
}

/** High effort: the start of the loop with tools. */
export function freePrompt(request: string, pack: string, news: string): readonly Message[] {
  const parts = [asked(request), fence('repository', pack), news]
  return [
    { role: 'system', content: prompt('free') },
    { role: 'user', content: parts.filter(Boolean).join('\n\n') },
  ]
}

function messages({ request, pack, shown, news }: Stage, task: readonly string[]): readonly Message[] {
  const parts = [
    asked(request),
    fence('repository', [pack, shown].filter(Boolean).join('\n\n')),
    news && fence('so-far', news),
    ...task,
  ]
  return [
    { role: 'system', content: prompt('system') },
    { role: 'user', content: parts.filter(Boolean).join('\n\n') },
  ]
}

/** The request between tags that it cannot close: it may come from an issue of somebody else. */
function asked(request: string): string {
  return inTags('request', request.trim())
}

/** Repository text between tags that the text itself cannot close. */
function fence(tag: string, text: string): string {
  return text === '' ? '' : inTags(tag, text, ['request'])
}
