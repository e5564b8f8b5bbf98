import * as z from 'zod'
import { UserError } from '../errors.ts'
import { readRegularText } from '../files/read-regular.ts'
import { parseJson } from '../text/parse-json.ts'

const MOST = 30_000_000 // bytes; GitHub sends at most 25 MB

export const NUMBER = z
  .int()
  .positive()
  .max(2 ** 31)
export const COMMIT = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
/** An account: no path, no address. */
export const ACCOUNT = z.string().regex(/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,254}[A-Za-z0-9_-])?(\[bot\])?$/)
export const TEXT = z.string().nullish()

/**
 * The event that a CI job was started for. path: the file that holds it. Throws UserError if it is missing, no JSON, or over 30 MB.
 */
export function readEvent(path: string | undefined, variable: string): unknown {
  if (!path)
    throw new UserError(
      `there is no event: ${variable} is not set`,
      'run it in a job of CI that is started for an event (docs/ci.md has complete files); elsewhere use repose check or repose implement',
    )
  const text = readRegularText(path, { maxBytes: MOST, followLink: true })
  if (text === null)
    throw new UserError(`the event cannot be read: ${variable} names no file of at most ${MOST / 1e6} MB`, FIX)
  try {
    return parseJson(text)
  } catch (cause) {
    throw new UserError(`the event in ${variable} is no JSON`, FIX, { cause })
  }
}

/** An event, or a part of it, as this shape. Throws UserError for any other shape. */
export function shapeOf<Shape>(schema: z.ZodType<Shape>, event: unknown, variable: string): Shape {
  const { data, success, error } = schema.safeParse(event)
  if (success) return data
  const path = error.issues[0]!.path.join('.').slice(0, 80) || 'its top'
  throw new UserError(`the event in ${variable} has another shape than expected, at ${path}`, FIX)
}

const FIX = 'the host writes this file for each job: leave it as it is'
