/** The schema of every event there is, by its type, and that of the metadata all share. */
import { z } from 'zod'
import { calendarEventData } from '../../domain/calendar/calendar.ts'
import { dealerEventData } from '../../domain/dealer.ts'
import { dueEventData } from '../../domain/dues.ts'
import type { Metadata } from '../../domain/eventStore.ts'
import { instantSchema } from '../../domain/instant.ts'
import { policyEventData } from '../../domain/policy.ts'
import { rboEventData } from '../../domain/rbo.ts'
import { settlementEventData } from '../../domain/settlement.ts'
import { ticketEventData } from '../../domain/ticket/events.ts'

export const eventSchemas: Readonly<Record<string, z.ZodType>> = {
  ...ticketEventData,
  ...dealerEventData,
  ...rboEventData,
  ...calendarEventData,
  ...policyEventData,
  ...settlementEventData,
  ...dueEventData,
}

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
