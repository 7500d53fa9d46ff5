/** What the routes of the care desk answer, as schemas. */
import { z } from 'zod'
import {
  attemptResultSchema,
  careOutcomeSchema,
  careStatusSchema,
  triageStatusSchema,
  visitKindSchema,
} from '../../domain/care/codes.ts'
import { careKindSchema } from '../../domain/care/policy.ts'
import { customerAnswer, vehicleAnswer } from '../tickets/responseSchemas.ts'

const nullableText = z.string().nullable()
const instant = z.iso.datetime()
const nullableInstant = instant.nullable()

/** A task in a list: all but free text. */
export const careTaskRowAnswer = z
  .object({
    taskId: z.string(),
    handoverId: z.string(),
    kind: careKindSchema,
    status: careStatusSchema.nullable().describe('null: it has not opened yet.'),
    dealer: z.string(),
    rbo: z.string(),
    handedOverAt: instant,
    opensAt: instant,
    dueAt: instant.describe('The first instant that is too late; of delivery_24h the last one in time.'),
    endedAt: nullableInstant,
    callOutcome: careOutcomeSchema.nullable(),
    attempts: z.int(),
    triage: triageStatusSchema.nullable().describe('Set where the customer was dissatisfied.'),
    triageSince: nullableInstant,
    triageDueAt: nullableInstant.describe('By when the CSC judges it.'),
    ticketNo: nullableText.describe('The ticket of the complaint that it became.'),
    customer: customerAnswer,
    vehicle: vehicleAnswer,
  })
  .meta({ id: 'CareTaskRow' })
export type CareTaskRowAnswer = z.infer<typeof careTaskRowAnswer>

export const careTaskPageAnswer = z
  .object({ items: z.array(careTaskRowAnswer), nextCursor: nullableText })
  .meta({ id: 'CareTaskPage' })

const feedback = { product: nullableText, service: nullableText, other: nullableText }

export const careTaskAnswer = careTaskRowAnswer
  .extend({
    version: z.int().describe('Of the vehicle, whose acts are judged together.'),
    calls: z
      .array(
        z.object({
          at: instant,
          by: z.string(),
          result: attemptResultSchema,
          outcome: careOutcomeSchema.nullable(),
          calledAt: instant,
          ...feedback,
          mileageKm: z.int().nullable(),
          firstServiceOn: nullableText,
        }),
      )
      .describe('The oldest first.'),
    dismissReason: nullableText,
  })
  .meta({ id: 'CareTask' })
export type CareTaskAnswer = z.infer<typeof careTaskAnswer>

export const triageRowAnswer = careTaskRowAnswer.extend(feedback).meta({ id: 'CareTriageRow' })
export const triagePageAnswer = z
  .object({ items: z.array(triageRowAnswer), nextCursor: nullableText })
  .meta({ id: 'CareTriagePage' })
export type TriageRowAnswer = z.infer<typeof triageRowAnswer>

const plannedTask = careTaskRowAnswer
  .pick({
    taskId: true,
    kind: true,
    status: true,
    dealer: true,
    opensAt: true,
    dueAt: true,
    endedAt: true,
    callOutcome: true,
    ticketNo: true,
  })
  .meta({ id: 'PlannedCareTask' })

export const handoverAnswer = z
  .object({
    handoverId: z.string(),
    vehicleId: z.string(),
    version: z.int().describe('Of the vehicle, whose acts are judged together.'),
    externalNo: nullableText,
    dealer: z.string(),
    rbo: z.string(),
    handedOverAt: instant,
    recordedAt: instant,
    insuranceEndsOn: nullableText,
    customer: customerAnswer,
    vehicle: vehicleAnswer,
    tasks: z
      .array(plannedTask)
      .describe('What is planned, by due; of yearly tasks those of the coming year.'),
  })
  .meta({ id: 'Handover' })
export type HandoverAnswer = z.infer<typeof handoverAnswer>

export const visitAnswer = z
  .object({
    vehicleId: z.string(),
    dealer: z.string(),
    rbo: z.string(),
    visitedAt: instant,
    kind: visitKindSchema,
    mileageKm: z.int().nullable(),
    recordedAt: instant,
  })
  .meta({ id: 'Visit' })
export type VisitAnswer = z.infer<typeof visitAnswer>

export const vehicleSearchAnswer = z
  .object({
    items: z.array(
      z.object({
        vehicleId: z.string(),
        handovers: z.array(handoverAnswer.omit({ tasks: true })),
        visits: z.array(visitAnswer),
        tasks: z.array(careTaskRowAnswer),
        ticketNos: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'VehicleSearch' })
