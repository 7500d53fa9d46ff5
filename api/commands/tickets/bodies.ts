/** The bodies of complaints, letters and warnings, and the fields that the writes on a ticket share. */
import { z } from 'zod'
import {
  channelSchema,
  flagSchema,
  letterKindSchema,
  remedySchema,
  severitySchema,
  sourceSchema,
} from '../../../domain/codes.ts'
import { externalNoOf } from '../../../domain/plainText.ts'
import { ticketNoSchema } from '../../../domain/ticket/events.ts'
import { customerFields, vehicleFields } from '../../../domain/ticket/person.ts'
import { categorySchema } from '../../../domain/ticket/routing.ts'
import { unitCodeSchema } from '../../../domain/unitCode.ts'
import { filledText, instantInput, saying, storableOnly, text } from '../fields.ts'

/** May be left out or `null`; a handler always sees `null`. */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null as never)

export const line = (max = 200) => text(max)
export const required = filledText
export const freeText = 10_000

/** The number of another ticket; an answer may repeat it. */
export const named = storableOnly(ticketNoSchema)

/** NFKC, trimmed, without invisible characters: that form is kept, unique, and finds the ticket. */
export const externalNoSchema = text(100, 1)
  .transform(externalNoOf)
  .refine((value) => value !== '', saying('must not be blank.', '不能为空白。'))
  .meta({
    description: 'Compared after NFKC and trimming, without invisible characters; commas are part of it.',
  })
export const reason = required(2_000)
export const flags = z.array(flagSchema).max(4).default([])

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
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().optional()

export const weight = {
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

export const correctBody = z
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

export const letterBody = z
  .strictObject({
    kind: letterKindSchema,
    addressee: required(200).describe('Who is addressed, without the colon.'),
    subject: required(200),
    body: required(freeText).describe('Paragraphs are lines.'),
  })
  .meta({
    id: 'LetterBody',
    examples: [
      {
        kind: 'customer',
        addressee: '王芳女士',
        subject: '关于您的投诉',
        body: '您反映的问题我们已核实。\n我们将于本周六安排试驾。',
      },
    ],
  })

/** Bodies of what is done with a warning. */
export const acknowledgeBody = z
  .strictObject({ note: optional(line(2_000)) })
  .meta({ id: 'WarningAcknowledgement', examples: [{ note: '已联系经销商总经理。' }] })
export const resolveBody = z
  .strictObject({ result: required(2_000) })
  .meta({ id: 'WarningResult', examples: [{ result: '客户接受周六试驾。' }] })
