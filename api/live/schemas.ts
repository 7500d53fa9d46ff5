/** What a stream, a feed and a webhook say of an event, as schemas: for the document, and for the serialiser. */
import { z } from 'zod'
import {
  type About,
  type AnnouncedName,
  announcedEvents,
  announcedNames,
  removedName,
} from '../../domain/announcedNames.ts'
import { tierSchema, warningCodeSchema } from '../../domain/codes.ts'
import { dueClockSchema } from '../../domain/dues.ts'
import { careTaskRowAnswer } from '../care/responseSchemas.ts'
import { inquiryRowAnswer } from '../inquiries/responseSchemas.ts'
import { objectionFact } from '../objections/present.ts'
import { smsRequestAnswer } from '../sms/responseSchemas.ts'
import { ticketRowAnswer, unitAnswer } from '../tickets/responseSchemas.ts'
import { voiceSheetRowAnswer } from '../voice/responseSchemas.ts'

const instant = z.iso.datetime()

/** A due that has passed or comes near. */
const due = z
  .object({
    clock: dueClockSchema,
    startedAt: instant,
    dueAt: instant,
    unit: z.string().nullable().meta({ description: 'Whose clock it is; null: nobody’s in particular.' }),
  })
  .meta({ id: 'DueFact' })

/** A warning without its words. */
const warning = z
  .object({
    warningId: z.string(),
    code: warningCodeSchema,
    sentTo: unitAnswer.extend({ tier: tierSchema }),
    raisedAt: instant,
    ackDueAt: instant,
    acknowledgedAt: instant.nullable(),
    resolvedAt: instant.nullable(),
  })
  .meta({ id: 'WarningFact' })

/** An objection without its reasons. */
const objection = z.object(objectionFact).nullable().meta({ id: 'ObjectionFact' })

const asItIsNow = { description: 'As it is now, as the list has it.' }

const ofTicket = {
  ticketNo: z.string(),
  ticket: ticketRowAnswer.nullable().meta({
    description:
      'As it is now, as the list has it; null: the ticket is outside the scope, the warning is not.',
  }),
}
const ofNoTicket = { ticketNo: z.null(), ticket: z.null() }

const ofSheet = {
  ...ofNoTicket,
  sheetId: z.string(),
  sheet: voiceSheetRowAnswer
    .nullable()
    .meta({ description: 'The sheet of customer voice as it is now, as the list has it.' }),
}

/** What the data of an event has, by what it is about. */
const fields = {
  ticket: ofTicket,
  due: { ...ofTicket, due },
  warning: { ...ofTicket, warning },
  warningDue: { ...ofTicket, warning, due },
  objection: { ...ofTicket, objection },
  inquiry: {
    ...ofNoTicket,
    inquiryNo: z.string(),
    inquiry: inquiryRowAnswer.nullable().meta(asItIsNow),
  },
  smsContact: {
    ...ofNoTicket,
    dealer: z.string(),
    smsRequest: smsRequestAnswer.nullable().meta({ description: 'The request that was accepted.' }),
  },
  careTask: { ...ofNoTicket, taskId: z.string(), task: careTaskRowAnswer.nullable().meta(asItIsNow) },
  voiceSheet: ofSheet,
  voiceDue: { ...ofSheet, due },
} as const satisfies Record<About, Record<string, z.ZodType>>

const withoutCustomer = { customer: true, vehicle: true } as const
const ticketOfWebhook = { ticket: ticketRowAnswer.omit(withoutCustomer).nullable() }

const optionalPerson = { name: true, mobile: true } as const

/** What is otherwise in a webhook: nothing of a customer, and of a contact only what the endpoint may be told. */
const webhookFields: Record<About, Record<string, z.ZodType>> = {
  ticket: ticketOfWebhook,
  due: ticketOfWebhook,
  warning: ticketOfWebhook,
  warningDue: ticketOfWebhook,
  objection: ticketOfWebhook,
  inquiry: { inquiry: inquiryRowAnswer.omit(withoutCustomer).nullable().meta(asItIsNow) },
  smsContact: {
    smsRequest: smsRequestAnswer
      .partial(optionalPerson)
      .nullable()
      .meta({ description: 'name and mobile where the endpoint has `includeContacts`.' }),
  },
  careTask: { task: careTaskRowAnswer.omit(withoutCustomer).nullable().meta(asItIsNow) },
  voiceSheet: {},
  voiceDue: {},
}

const namesAbout = (about: About): [AnnouncedName, ...AnnouncedName[]] =>
  announcedNames.filter((name) => announcedEvents[name].about === about) as [
    AnnouncedName,
    ...AnnouncedName[],
  ]

const common = {
  position: z.string().meta({ description: 'Where the event is in the log: `after` and `Last-Event-ID`.' }),
  at: instant.meta({ description: 'When the event was recorded.' }),
}
const version = z.int().nullable().meta({
  description:
    'Of the ticket, the inquiry, the sheet, the dealer’s contacts or the vehicle after the event; of a due, which changes no ticket, as it is now; null: outside the scope.',
})

const itemOf = <A extends About>(about: A, id: string) =>
  z
    .object({
      ...common,
      type: z.enum(namesAbout(about)),
      version,
      ...(fields[about] as (typeof fields)[A]),
    })
    .meta({ id })

const removedItem = z
  .object({
    ...common,
    type: z.literal(removedName),
    ticketNo: z.string(),
    version: z.null(),
    ticket: z.null(),
  })
  .meta({ id: 'RemovedItem', description: 'The ticket has left the reader’s scope.' })

/** An event as a stream and a feed say it. */
export const itemAnswer = z.union([
  itemOf('ticket', 'TicketItem'),
  itemOf('due', 'DueItem'),
  itemOf('warning', 'WarningItem'),
  itemOf('warningDue', 'WarningDueItem'),
  itemOf('objection', 'ObjectionItem'),
  itemOf('inquiry', 'InquiryItem'),
  itemOf('smsContact', 'SmsContactItem'),
  itemOf('careTask', 'CareTaskItem'),
  itemOf('voiceSheet', 'VoiceSheetItem'),
  itemOf('voiceDue', 'VoiceDueItem'),
  removedItem,
])

export type StreamItem = z.infer<typeof itemAnswer>

const contact = z
  .object({ name: z.string(), mobile: z.string(), duty: z.enum(['handler', 'manager']) })
  .meta({ id: 'SmsContactOfEvent' })

const webhookIds: Record<About, string> = {
  ticket: 'TicketWebhook',
  due: 'DueWebhook',
  warning: 'WarningWebhook',
  warningDue: 'WarningDueWebhook',
  objection: 'ObjectionWebhook',
  inquiry: 'InquiryWebhook',
  smsContact: 'SmsContactWebhook',
  careTask: 'CareTaskWebhook',
  voiceSheet: 'VoiceSheetWebhook',
  voiceDue: 'VoiceDueWebhook',
}

/** The body of a delivery by what its event is about; it has no customer and no vehicle. */
const webhookBody = (about: About) =>
  z
    .object({
      type: z.enum(namesAbout(about)),
      timestamp: instant,
      sequence: z.int().meta({ description: 'Counts the deliveries of this endpoint.' }),
      data: z.object({
        ...common,
        type: z.enum(namesAbout(about)),
        version,
        ...fields[about],
        ...webhookFields[about],
        contacts: z
          .array(contact)
          .optional()
          .meta({ description: 'Where the endpoint has `includeContacts`.' }),
      }),
    })
    .meta({ id: webhookIds[about] })

export const webhookBodies: Record<About, z.ZodType> = {
  ticket: webhookBody('ticket'),
  due: webhookBody('due'),
  warning: webhookBody('warning'),
  warningDue: webhookBody('warningDue'),
  objection: webhookBody('objection'),
  inquiry: webhookBody('inquiry'),
  smsContact: webhookBody('smsContact'),
  careTask: webhookBody('careTask'),
  voiceSheet: webhookBody('voiceSheet'),
  voiceDue: webhookBody('voiceDue'),
}

/** `onTicketDueSoon` for `ticket.due_soon`. */
const operationIdOf = (name: string): string =>
  `on${name
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}`

/** The section `webhooks` of the OpenAPI document: every event by its name. */
export const describedWebhooks = (): Record<string, unknown> =>
  Object.fromEntries(
    announcedNames.map((name) => {
      const { about, en } = announcedEvents[name]
      const schema = { $ref: `#/components/schemas/${webhookIds[about]}` }
      const post = {
        tags: ['webhooks'],
        operationId: operationIdOf(name),
        summary: en,
        description: `${en}. Sent to the receivers of this event, signed as Standard Webhooks.`,
        // the receiver checks the signature
        security: [],
        requestBody: { required: true, content: { 'application/json': { schema } } },
        responses: { '2XX': { description: 'Delivered.' } },
      }
      return [name, { post }]
    }),
  )
