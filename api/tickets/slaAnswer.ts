/** What `GET /v1/tickets/{no}/sla` answers, as a schema: each clock with what it counted. */
import { z } from 'zod'
import { verdictSchema } from '../../domain/codes.ts'

const nullableText = z.string().nullable()
const instant = z.iso.datetime()
const nullableInstant = instant.nullable()

export const slaAnswer = z
  .object({
    clocks: z.array(
      z.object({
        clock: z.enum(['registration', 'response', 'close', 'consumer_notice', 'acknowledge']),
        unit: nullableText,
        startedAt: instant,
        dueAt: nullableInstant,
        doneAt: nullableInstant,
        endedAt: nullableInstant,
        verdict: verdictSchema,
        provisional: z.boolean(),
        calendar: nullableText,
        calendarVersion: z.int().nullable(),
        daysOfVersion: z
          .int()
          .nullable()
          .meta({ description: 'Version of the calendar whose days it borrows; null: it borrows none.' }),
        policyVersion: z.int().nullable(),
        targetMinutes: z.int().nullable(),
        targetWorkingDays: z.int().nullable(),
        elapsedMinutes: z.int(),
        remainingMinutes: z.int().nullable(),
        intervals: z.array(
          z.object({
            from: instant,
            to: instant,
            counted: z.boolean(),
            reason: z.enum(['open', 'closed_hours', 'weekend', 'holiday', 'make_up_day']),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Sla' })

export type SlaAnswer = z.infer<typeof slaAnswer>
