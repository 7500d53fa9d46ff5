/** What events are about, as it is now: how each kind is found, whose it is, and how its row is shown. */
import type { EventSubject } from '../../domain/announced.ts'
import { placeOfInquiry } from '../../domain/inquiry/state.ts'
import type { Instant } from '../../domain/instant.ts'
import { placeOfDealer, type UnitsOfTicket } from '../../domain/scope.ts'
import { placeOfSheet } from '../../domain/voice/state.ts'
import { placeOfCare, presentTaskRow } from '../care/present.ts'
import type { CommandDeps, ViewName } from '../commands/deps.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { presentInquiryRow } from '../inquiries/present.ts'
import { presentSmsRequest } from '../sms/present.ts'
import { presentRow } from '../tickets/present.ts'
import { presentSheetRow } from '../voice/present.ts'

/** The views that `findSubject` asks. */
export const viewsOfSubjects: readonly ViewName[] = [
  'tickets',
  'warnings',
  'inquiries',
  'smsContacts',
  'objections',
  'care',
  'voice',
]

export type FoundSubject = {
  place: UnitsOfTicket
  version: number
  /** The row as the list has it. */
  row(reader: Reader, now: Instant): object
}

type Deps = Pick<CommandDeps, 'views'>
type Finders = {
  [K in EventSubject['kind']]: (
    deps: Deps,
    subject: Extract<EventSubject, { kind: K }>,
  ) => FoundSubject | null
}

const finders: Finders = {
  ticket: ({ views }, { ticketNo }) => {
    const row = views.tickets.byNo(ticketNo)
    return row && { place: row, version: row.version, row: (reader, now) => presentRow(row, reader, now) }
  },
  inquiry: ({ views }, { inquiryNo }) => {
    const row = views.inquiries.byNo(inquiryNo)
    return (
      row && {
        place: placeOfInquiry(row),
        version: row.version,
        row: (reader) => presentInquiryRow(row, reader),
      }
    )
  },
  smsRequest: ({ views }, { requestId, dealer }) => {
    const row = views.smsContacts.byId(requestId)
    return (
      row && {
        place: placeOfDealer(dealer, views.master.dealer(dealer)?.rbo ?? null),
        version: row.version,
        row: (reader) => presentSmsRequest(row, reader),
      }
    )
  },
  careTask: ({ views }, { taskId }) => {
    const row = views.care.task(taskId)
    return (
      row && {
        place: placeOfCare(row),
        version: row.version,
        row: (reader, now) => presentTaskRow(row, reader, now),
      }
    )
  },
  voiceSheet: ({ views }, { sheetId }) => {
    const row = views.voice.sheet(sheetId)
    return row && { place: placeOfSheet(row), version: row.version, row: () => presentSheetRow(row) }
  },
}

/** The subject of an event as the views have it; `null`: it is not there. */
export const findSubject = (deps: Deps, subject: EventSubject): FoundSubject | null =>
  (finders[subject.kind] as (deps: Deps, subject: EventSubject) => FoundSubject | null)(deps, subject)

type Fields = {
  [K in EventSubject['kind']]: (
    subject: Extract<EventSubject, { kind: K }>,
    row: object | null,
  ) => { number: string; fields: object }
}

const noTicket = { ticketNo: null, ticket: null }

const named: Fields = {
  ticket: ({ ticketNo }, ticket) => ({ number: ticketNo, fields: { ticketNo, ticket } }),
  inquiry: ({ inquiryNo }, inquiry) => ({ number: inquiryNo, fields: { ...noTicket, inquiryNo, inquiry } }),
  smsRequest: ({ requestId, dealer }, smsRequest) => ({
    number: requestId,
    fields: { ...noTicket, dealer, smsRequest },
  }),
  careTask: ({ taskId }, task) => ({ number: taskId, fields: { ...noTicket, taskId, task } }),
  voiceSheet: ({ sheetId }, sheet) => ({ number: sheetId, fields: { ...noTicket, sheetId, sheet } }),
}

const namedOf = (subject: EventSubject, row: object | null) =>
  (named[subject.kind] as (subject: EventSubject, row: object | null) => ReturnType<Fields['ticket']>)(
    subject,
    row,
  )

/** The number that names a subject, whatever kind it is of. */
export const numberOf = (subject: EventSubject): string => namedOf(subject, null).number

/** The fields that name a subject and hold its row; `ticketNo` and `ticket` are in every item. */
export const subjectFields = (subject: EventSubject, row: object | null): object =>
  namedOf(subject, row).fields
