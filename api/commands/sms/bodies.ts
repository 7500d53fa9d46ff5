/** The bodies of requests about SMS contacts. */
import { z } from 'zod'
import { smsActionSchema, smsDutySchema } from '../../../domain/codes.ts'
import { filledText, saying } from '../fields.ts'

/** At least seven digits after cleaning, as a gateway can dial them. */
const isDialable = (mobile: string): boolean =>
  /^\+?\d{7,15}$/.test(mobile.normalize('NFKC').replace(/[\s()-]/g, ''))

const mobileSchema = filledText(30).refine(
  isDialable,
  saying('must be a phone number of 7 to 15 digits.', '应为 7 至 15 位数字的电话号码。'),
)

/** Which of the fields an action takes is for the command to say. */
export const smsRequestBody = z
  .strictObject({
    action: smsActionSchema,
    contactId: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe('The contact to change or delete.'),
    name: filledText(100).nullable().default(null),
    mobile: mobileSchema.nullable().default(null),
    duty: smsDutySchema.nullable().default(null),
  })
  .meta({
    id: 'SmsContactRequestBody',
    description:
      'add takes name, mobile and duty; change contactId and those of the three that change; delete contactId.',
  })
export type SmsRequestBody = z.infer<typeof smsRequestBody>

export const smsRefusalBody = z
  .strictObject({ reason: filledText(500) })
  .meta({ id: 'SmsRefusalBody', examples: [{ reason: '号码已停机。' }] })
