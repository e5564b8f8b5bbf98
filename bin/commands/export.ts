import type { Command } from '../command.ts'
import { JSON_OPTION } from './options.ts'

/** The formats: each writes what it exports, and says what the user must know of it. */
const FORMATS = {
  'agents-md': () => import('../exports/agents-md.ts').then(({ exportAgentsMd }) => exportAgentsMd),
  skill: () => import('../exports/skill.ts').then(({ exportSkill }) => exportSkill),
  'llms-txt': () => import('../exports/llms-txt.ts').then(({ exportLlmsTxt }) => exportLlmsTxt),
  markdown: () => import('../exports/markdown.ts').then(({ exportMarkdown }) => exportMarkdown),
  jsonl: () => import('../exports/jsonl.ts').then(({ exportJsonl }) => exportJsonl),
  training: () => import('../exports/training.ts').then(({ exportTraining }) => exportTraining),
} as const

type Format = keyof typeof FORMATS

export const exportCommand: Command = {
  name: 'export',
  summary: 'write what is known for other agents and for people (no model, no network)',
  details:
    'agents-md: a block of at most 400 tokens for AGENTS.md or CLAUDE.md: how to ask repose, what builds and tests, what usually changes together, where things are. skill: a folder with SKILL.md (agentskills.io) that teaches an agent to use repose. llms-txt: a file by llmstxt.org. markdown: a folder to browse, with a page for each folder and file and diagrams of imports. training: JSONL in the chat format of fine-tuning, from kept transcripts and summaries. jsonl: summaries, recipes and plans as rows that `repose import` reads. Without --write or --out, the text goes to standard output. Exporting twice gives the same bytes. What was edited by hand is not overwritten without --force. See docs/exports.md.',
  argument: { name: 'format', text: `one of ${Object.keys(FORMATS).join(', ')}`, choices: Object.keys(FORMATS) },
  options: [
    {
      flags: '--write <file>',
      text: 'agents-md: put the block into this file; llms-txt, training: write this file. It must be in the repository',
      takes: 'file',
    },
    {
      flags: '--out <folder>',
      text: 'markdown: the folder for the pages; skill: the folder of skills',
      takes: 'folder',
    },
    { flags: '--force', text: 'overwrite what was edited by hand' },
    JSON_OPTION,
  ],
  examples: [
    'repose export agents-md',
    'repose export agents-md --write AGENTS.md',
    'repose export skill --out .claude/skills',
    'repose export llms-txt --write llms.txt',
    'repose export markdown --out ../shop-wiki',
    'repose export training > training.jsonl',
    'repose export jsonl | repose import - --repo ../other-clone',
  ],
  async run(wire, format, values) {
    const work = await FORMATS[format as Format]()
    return work(wire, values)
  },
}
