/** Why the second half of an act was refused, as an event keeps it: the parts of a `Refusal`; no personal data. */
import { z } from 'zod'

export const refusedSchema = z.strictObject({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  pointer: z.string().nullable(),
})
export type RecordedRefusal = z.infer<typeof refusedSchema>
