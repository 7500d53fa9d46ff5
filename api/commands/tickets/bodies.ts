/** The bodies of complaints and of the writes on a ticket, as `api.md` names them. */
import { z } from 'zod'
import {
  callbackOutcomeSchema,
  channelSchema,
  decisionSchema,
  flagSchema,
  letterKindSchema,
  methodSchema,
  recordKindSchema,
  remedySchema,
  severitySchema,
  sourceSchema,
  warningCodeSchema,
} from '../../../domain/codes.ts'
import { externalNoOf } from '../../../domain/plainText.ts'
import { goodwillSchema, scoreSchema, ticketNoSchema } from '../../../domain/ticket/events.ts'
import { customerFields, vehicleFields } from '../../../domain/ticket/person.ts'
import { categorySchema } from '../../../domain/ticket/routing.ts'
import { unitCodeSchema } from '../../../domain/unitCode.ts'
import { filledText, instantInput, saying, storableOnly, text } from '../fields.ts'

/** May be left out or `null`; a handler always sees `null`. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null as never)

const line = (max = 200) => text(max)
const required = filledText
const freeText = 10_000

/** The number of another ticket; an answer may repeat it. */
const named = storableOnly(ticketNoSchema)

/** NFKC, trimmed, without invisible characters: that form is kept, unique, and finds the ticket. */
export const externalNoSchema = text(100, 1)
  .transform(externalNoOf)
  .refine((value) => value !== '', saying('must not be blank.', '不能为空白。'))
  .meta({
    description: 'Compared after NFKC and trimming, without invisible characters; commas are part of it.',
  })
const reason = required(2_000)
const flags = z.array(flagSchema).max(4).default([])

/** Fields of a person, each of which may be left out; text without what cannot be stored. */
const given = <F extends Record<string, { schema: z.ZodType }>>(fields: F) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { schema }]) => [
      name,
      optional(schema instanceof z.ZodString ? storableOnly(schema) : schema),
    ]),
  ) as { [N in keyof F]: z.ZodDefault<z.ZodNullable<F[N]['schema']>> }

export const customerBody = z
  .strictObject({ ...given(customerFields), name: required(200) })
  .meta({ id: 'CustomerGiven' })

export const vehicleBody = z.strictObject(given(vehicleFields)).meta({ id: 'VehicleGiven' })

/** Left out or `null`: nobody said so. Without a default, so that what was sent before stays what it was. */
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().optional()

const weight = {
  severity: maybe(severitySchema),
  safety: maybe(z.boolean()).describe('A danger to people is claimed: sets the flag hq_special once.'),
  remedy: maybe(remedySchema).describe('What the customer asks for.'),
  remedyText: maybe(line(2_000)),
}

export const complaintBody = z
  .strictObject({
    channel: channelSchema,
    receivedAt: optional(instantInput),
    category: categorySchema,
    dealerCode: optional(unitCodeSchema),
    customer: customerBody,
    vehicle: optional(vehicleBody),
    content: required(freeText),
    initialCause: optional(line(freeText)),
    source: optional(sourceSchema),
    flags,
    sameProblemAs: named
      .nullable()
      .default('auto')
      .describe('`auto`, a ticket number, or null for a different problem'),
    externalNo: optional(externalNoSchema),
    ...weight,
  })
  .meta({ id: 'Complaint' })
export type ComplaintBody = z.infer<typeof complaintBody>

/** Fields of a person that change: those that are there, `null` for one that is emptied. */
const changed = <F extends Record<string, { schema: z.ZodType }>>(fields: F) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { schema }]) => [
      name,
      (schema instanceof z.ZodString ? storableOnly(schema) : schema).nullable().optional(),
    ]),
  ) as { [N in keyof F]: z.ZodOptional<z.ZodNullable<F[N]['schema']>> }

const correctBody = z
  .strictObject({
    customer: z
      .strictObject({ ...changed(customerFields), name: required(200).optional() })
      .optional()
      .meta({ description: 'Only the fields that change; null empties one.' }),
    vehicle: z.strictObject(changed(vehicleFields)).optional(),
    reason,
  })
  .refine(
    ({ customer = {}, vehicle = {} }) => Object.keys(customer).length + Object.keys(vehicle).length > 0,
    {
      ...saying('must have a field to correct, or vehicle must.', '须填写要更正的客户或车辆字段。'),
      path: ['customer'],
    },
  )

/** Body of each write under `/v1/tickets/{ticketNo}/`, by its path. */
export const actBodies = {
  contacts: z.strictObject({
    channel: channelSchema,
    content: required(freeText),
    flags,
    occurredAt: optional(instantInput),
  }),
  redispatch: z
    .strictObject({
      dealerCode: unitCodeSchema.optional(),
      tier: z.enum(['dealer', 'rbo', 'se']).optional(),
      reason,
      misrouted: z.boolean().default(false),
    })
    .refine((body) => (body.dealerCode === undefined) !== (body.tier === undefined), {
      ...saying('must be given, or tier, and not both.', '必须且只能填写 dealerCode 与 tier 之一。'),
      path: ['dealerCode'],
    }),
  'repeat-link': z.strictObject({ ticketNo: named, reason }),
  'repeat-unlink': z.strictObject({ ticketNo: named, reason }),
  callbacks: z.strictObject({
    outcome: callbackOutcomeSchema,
    note: optional(line(freeText)),
    sameProblem: z.boolean().default(false),
    repeatExternalNo: optional(externalNoSchema),
    occurredAt: optional(instantInput),
    score: maybe(scoreSchema),
  }),
  reclassify: z.strictObject({
    category: categorySchema,
    reason,
    source: optional(sourceSchema),
    dealerCode: optional(unitCodeSchema),
  }),
  rescind: z.strictObject({ reason }),
  'duplicate-of': z.strictObject({ ticketNo: named, reason }),
  'duplicate-undo': z.strictObject({
    reason,
    ticketNo: optional(named).describe(
      'Only of a ticket that counts the calls of one that is not its duplicate, as `npm run verify` says: the calls of that one leave its count.',
    ),
  }),
  recalculate: z.strictObject({ reason }),
  responses: z.strictObject({
    method: methodSchema,
    reached: z.boolean(),
    note: required(freeText),
    promisedReplyAt: optional(instantInput),
  }),
  records: z.strictObject({ kind: recordKindSchema, note: required(freeText) }),
  close: z.strictObject({
    result: required(freeText),
    measures: required(freeText),
    measuresDoneAt: optional(instantInput),
    rootCauseCode: optional(line(50)),
    rootCause: optional(line(freeText)),
    customerFeedback: optional(line(freeText)),
    improvement: optional(line(freeText)),
    improvementDepartment: optional(line()),
    decision: maybe(decisionSchema),
    goodwill: maybe(goodwillSchema),
  }),
  'responsible-dealer': z.strictObject({ dealerCode: unitCodeSchema }),
  'convert-to-c': z.strictObject({ reason }),
  weight: z
    .strictObject({ ...weight, reason })
    .refine(({ reason: _, ...changes }) => Object.keys(changes).length > 0, {
      ...saying('must be given, or safety, remedy or remedyText.', '须填写严重程度、安全、诉求或诉求说明。'),
      path: ['severity'],
    })
    .meta({ description: 'Only what changes; null empties it.' }),
  correct: correctBody,
  claim: z.strictObject({
    assignee: optional(required(200)).describe('The `sub` of a colleague; left out or null: the caller.'),
  }),
  release: z.strictObject({}),
  warnings: z.strictObject({ code: warningCodeSchema, reason: optional(line(2_000)) }),
}
export type ActName = keyof typeof actBodies
export type BodyOf<N extends ActName> = z.infer<(typeof actBodies)[N]>

export const letterBody = z
  .strictObject({
    kind: letterKindSchema,
    addressee: required(200).describe('Who is addressed, without the colon.'),
    subject: required(200),
    body: required(freeText).describe('Paragraphs are lines.'),
  })
  .meta({ id: 'LetterBody' })

/** Bodies of what is done with a warning. */
export const acknowledgeBody = z.strictObject({ note: optional(line(2_000)) })
export const resolveBody = z.strictObject({ result: required(2_000) })
