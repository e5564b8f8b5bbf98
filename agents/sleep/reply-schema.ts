import { z } from 'zod'

/** JSON schema of what a model is asked for: strict as endpoints want it, every key required and no other allowed. */
export function replySchema(shape: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(shape)
  return schema
}
