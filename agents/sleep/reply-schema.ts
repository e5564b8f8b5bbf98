import { z } from 'zod'

/** JSON schema of a reply, strict as endpoints require: every key is required, no other allowed. */
export function replySchema(shape: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(shape)
  return schema
}
