/** The bodies of the care desk's writes, as `api.md` names them. */
import { z } from 'zod'
import { attemptResultSchema, careOutcomeSchema, visitKindSchema } from '../../../domain/care/codes.ts'
import { mileageSchema } from '../../../domain/care/events.ts'
import { flagSchema } from '../../../domain/codes.ts'
import { daySchema } from '../../../domain/instant.ts'
import { ticketNoSchema } from '../../../domain/ticket/events.ts'
import { vehicleFields } from '../../../domain/ticket/person.ts'
import { categorySchema } from '../../../domain/ticket/routing.ts'
import { unitCodeSchema } from '../../../domain/unitCode.ts'
import { filledText, instantInput, storableOnly, text } from '../fields.ts'
import { customerBody, externalNoSchema, optional } from '../tickets/bodies.ts'

const { vin, plateNo, model, salesConsultant } = vehicleFields
const freeText = 10_000

export const handoverBody = z
  .strictObject({
    vin: optional(storableOnly(vin.schema as z.ZodString)).describe(
      'Kept as it is written; one that cannot be a VIN finds nothing.',
    ),
    plateNo: optional(storableOnly(plateNo.schema as z.ZodString)),
    model: optional(storableOnly(model.schema as z.ZodString)),
    dealerCode: unitCodeSchema,
    handedOverAt: instantInput,
    customer: customerBody,
    salesConsultant: optional(storableOnly(salesConsultant.schema as z.ZodString)),
    insuranceEndsOn: optional(daySchema).describe('null: 12 months after the handover.'),
    externalNo: optional(externalNoSchema),
  })
  .meta({ id: 'HandoverBody' })
export type HandoverBody = z.infer<typeof handoverBody>

export const visitBody = z
  .strictObject({
    vin: filledText(40),
    dealerCode: unitCodeSchema,
    visitedAt: instantInput,
    kind: visitKindSchema,
    mileageKm: optional(mileageSchema),
  })
  .meta({ id: 'VisitBody' })
export type VisitBody = z.infer<typeof visitBody>

export const attemptBody = z
  .strictObject({
    result: attemptResultSchema,
    outcome: optional(careOutcomeSchema).describe('Of a customer who was reached.'),
    product: optional(text(freeText)),
    service: optional(text(freeText)),
    other: optional(text(freeText)),
    mileageKm: optional(mileageSchema),
    firstServiceOn: optional(daySchema).describe('When the customer expects the first service.'),
    calledAt: optional(instantInput).describe(
      'Not in the future; null: now. In time or late is what was recorded by the due.',
    ),
  })
  .meta({
    id: 'CareAttempt',
    examples: [{ result: 'reached', outcome: 'satisfied', product: '车辆一切正常。' }],
  })
export type AttemptBody = z.infer<typeof attemptBody>

/** The rest of the complaint is the task's: customer, vehicle, dealer, and the feedback as its content. */
export const careComplaintBody = z
  .strictObject({
    category: categorySchema,
    flags: z.array(flagSchema).max(4).default([]),
    sameProblemAs: storableOnly(ticketNoSchema)
      .nullable()
      .default('auto')
      .describe('`auto`, a ticket number, or null for a different problem'),
  })
  .meta({ id: 'CareComplaint', examples: [{ category: 'A4a' }] })
export type CareComplaintBody = z.infer<typeof careComplaintBody>

export const dismissBody = z
  .strictObject({ reason: filledText(2_000) })
  .meta({ id: 'CareDismissal', examples: [{ reason: '客户已经满意。' }] })
