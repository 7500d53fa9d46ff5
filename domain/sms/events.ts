/** What happens to a dealer's SMS contacts 工单短信联系人 (rulebook §13): the events of the streams `sms-contacts-<dealer>`. */
import { z } from 'zod'
import { smsActionSchema, smsDutySchema } from '../codes.ts'
import { sealedSchema } from '../sealed.ts'
import { idOfStream } from '../streams.ts'

/** A contact is a data subject of its own: `contactId` is the subject's number, and its key seals every `text`. */
export const smsEventData = {
  /** `duty` and `text` (name and mobile) as the contact is to be; of a deletion as it was. */
  SmsContactRequested: z.strictObject({
    requestId: z.string(),
    dealer: z.string(),
    action: smsActionSchema,
    contactId: z.string(),
    duty: smsDutySchema,
    text: sealedSchema,
  }),
  SmsContactAccepted: z.strictObject({ requestId: z.string() }),
  /** `text`: the reason. */
  SmsContactRefused: z.strictObject({ requestId: z.string(), text: sealedSchema }),
}

type Data = typeof smsEventData
export type SmsEventType = keyof Data
export type SmsDataOf<T extends SmsEventType> = z.infer<Data[T]>
export type SmsEvent = { [T in SmsEventType]: { type: T; data: SmsDataOf<T> } }[SmsEventType]

const prefix = 'sms-contacts-'
export const smsStream = (dealer: string): string => prefix + dealer

/** The dealer whose contacts a stream is about; `null`: it is about something else. */
export const dealerOfSmsStream = (stream: string): string | null => idOfStream(prefix, stream)
