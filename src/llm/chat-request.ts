import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import type { LlmRequest, Message } from '../types.ts'
import { type Dialect, MOST_OUTPUT } from './dialect.ts'

/** The body of a chat completions request in the endpoint's dialect. */
export function toChatBody(
  request: LlmRequest,
  options: { model: string; dialect: Dialect; serviceTier?: 'flex' | undefined },
): ChatCompletionCreateParamsNonStreaming {
  const { model, dialect, serviceTier } = options
  const { tools, json, maxOutputTokens } = request
  const most = maxOutputTokens ?? (dialect.cap ? MOST_OUTPUT : undefined)
  const inWords = json && dialect.json !== 'json_schema'
  return {
    model,
    messages: (inWords ? withSchemaInWords(request.messages, json.schema) : request.messages).map(toChatMessage),
    ...(tools?.length && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters },
      })),
    }),
    ...(json &&
      dialect.json === 'json_schema' && {
        response_format: {
          type: 'json_schema' as const,
          json_schema: { name: json.name, schema: json.schema, strict: true },
        },
      }),
    ...(json && dialect.json === 'json_object' && { response_format: { type: 'json_object' as const } }),
    ...(most && { [dialect.maxTokens]: most }),
    ...(serviceTier && dialect.tier && { service_tier: serviceTier }),
  }
}

// Adds the schema to the leading system message, because the chat templates of Qwen 3.5 and later reject a second or later one
// (github.com/vllm-project/vllm/issues/41114).
function withSchemaInWords(messages: readonly Message[], schema: object): readonly Message[] {
  const words = `Reply with one JSON document that fits this JSON schema, and nothing else:\n${JSON.stringify(schema)}`
  const [first, ...rest] = messages
  if (first?.role === 'system') return [{ ...first, content: `${first.content}\n\n${words}` }, ...rest]
  return [{ role: 'system', content: words }, ...messages]
}

function toChatMessage({ role, content, toolCalls, toolCallId }: Message): ChatCompletionMessageParam {
  if (role === 'tool') return { role, content, tool_call_id: toolCallId ?? '' }
  if (role !== 'assistant' || !toolCalls?.length) return { role, content }
  return {
    role,
    content: content || null,
    tool_calls: toolCalls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  }
}
