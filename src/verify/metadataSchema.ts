/** The schema of the metadata that all events share. */
import { z } from 'zod'
import type { Metadata } from '../../domain/eventStore.ts'
import { instantSchema } from '../../domain/instant.ts'

export const metadataSchema = z.strictObject({
  commandId: z.guid(),
  actor: z.strictObject({ id: z.string(), role: z.string(), sub: z.string().exactOptional() }),
  correlationId: z.string(),
  causationId: z.string().exactOptional(),
  recordedAt: instantSchema,
  requestDigest: z.string().exactOptional(),
  imported: z.literal(true).exactOptional(),
  importedBy: z.string().exactOptional(),
  importedAt: instantSchema.exactOptional(),
}) satisfies z.ZodType<Metadata>
