/** What the routes of SMS contacts answer, as schemas. */
import { z } from 'zod'
import { smsActionSchema, smsDutySchema, smsRequestStatusSchema } from '../../domain/codes.ts'

const nullableText = z.string().nullable()
const instant = z.iso.datetime()
const person = {
  name: nullableText.describe('null: erased.'),
  mobile: nullableText,
}

export const smsContactAnswer = z
  .object({ contactId: z.string(), ...person, duty: smsDutySchema, acceptedAt: instant })
  .meta({ id: 'SmsContact' })

export const smsRequestAnswer = z
  .object({
    requestId: z.string(),
    dealer: z.string(),
    action: smsActionSchema,
    contactId: z.string(),
    ...person,
    duty: smsDutySchema.describe('Of a deletion, as name and mobile, what the contact was.'),
    status: smsRequestStatusSchema,
    requestedAt: instant,
    requestedBy: z.string(),
    decidedAt: instant.nullable(),
    decidedBy: nullableText,
    reason: nullableText.describe('Why it was refused.'),
  })
  .meta({ id: 'SmsContactRequest' })

export type SmsRequestAnswer = z.infer<typeof smsRequestAnswer>

export const smsContactsAnswer = z
  .object({
    contacts: z.array(smsContactAnswer).describe('Those that were accepted.'),
    requests: z.array(smsRequestAnswer).describe('The newest first.'),
  })
  .meta({ id: 'SmsContacts' })
