/** `GET /v1/privacy/subjects/{subjectId}/export`: all that is kept of one customer (rulebook §17, PIPL 45). */
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { CareEvent } from '../../domain/care/events.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { InquiryEvent } from '../../domain/inquiry/events.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { SealedText } from '../../domain/sealed.ts'
import type { SmsEvent } from '../../domain/sms/events.ts'
import { type EventType, eventsOf } from '../../domain/storedEvents.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import type { TicketEvent } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import type { VoiceEvent } from '../../domain/voice/events.ts'
import { careWordsOf } from '../care/timelineWords.ts'
import { inquiryAfter } from '../commands/inquiries/inquiries.ts'
import { eventsAbout, type NamedRecord } from '../commands/subjects/kept.ts'
import type { KeptName } from '../commands/subjects/keptKind.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type { Deps, Routes } from '../http/deps.ts'
import type { Language } from '../http/problems.ts'
import { instantOutput } from '../http/schemas.ts'
import { presentInquiry } from '../inquiries/present.ts'
import { inquiryAnswer } from '../inquiries/responseSchemas.ts'
import { inquiryWordsOf } from '../inquiries/timelineWords.ts'
import { smsWordsOf } from '../sms/timelineWords.ts'
import { presentTicket } from '../tickets/present.ts'
import { anywhere, readersFor } from '../tickets/requestContext.ts'
import { ticketAnswer, timelineAnswer } from '../tickets/responseSchemas.ts'
import { timelineOf } from '../tickets/timeline.ts'
import { wordsOf } from '../tickets/timelineWords.ts'
import { voiceWordsOf } from '../voice/timelineWords.ts'
import { isOther, requireSubject, subjectParams } from './subjects.ts'

type KnownEvent = { type: EventType; data: object }

const timeline = timelineAnswer.shape.items

const exportAnswer = z
  .object({
    subjectId: z.string(),
    exportedAt: instantOutput,
    tickets: z.array(z.object({ ticket: ticketAnswer, timeline })),
    calls: z
      .array(z.object({ ticketNo: z.string(), timeline }))
      .meta({ description: 'Of tickets of others: the calls of the customer logged there.' }),
    inquiries: z.array(z.object({ inquiry: inquiryAnswer, timeline })),
    others: z
      .array(z.object({ kind: z.string(), id: z.string(), timeline }))
      .meta({ description: 'All else that is kept of the customer.' }),
  })
  .meta({ id: 'SubjectExport' })

/** The sentence of an event, by the kind of record; a new kind does not compile without it. */
const words: Record<KeptName, (event: KnownEvent, language: Language) => string> = {
  ticket: (event, language) => wordsOf(event as TicketEvent, language),
  call: (event, language) => wordsOf(event as TicketEvent, language),
  inquiry: (event, language) => inquiryWordsOf(event as InquiryEvent, language),
  sms_contact: (event, language) => smsWordsOf(event as SmsEvent, language),
  voice_item: (event, language) => voiceWordsOf(event as VoiceEvent, language),
  voice_sheet: (event, language) => voiceWordsOf(event as VoiceEvent, language),
  handover: (event, language) => careWordsOf(event as CareEvent, language),
}

/** Opens what was sealed for the subject, and nothing of anybody else who is in the same record. */
const onlyOf = (deps: Pick<Deps, 'sealing'>, reader: Reader, subjectId: SubjectId): Reader => {
  const own = (sealed: SealedText | null): SealedText | null =>
    sealed !== null && deps.sealing.subjectOf(sealed) === subjectId ? sealed : null
  return {
    masks: reader.masks,
    person: (sealed) => reader.person(own(sealed)),
    text: (sealed) => reader.text(own(sealed)),
    contact: (sealed) =>
      deps.sealing.subjectOf(sealed) === subjectId ? reader.contact(sealed) : { name: null, mobile: null },
  }
}

/** A record with its events, and the reader that opens what of it is the subject's. */
const read = async (deps: Deps, request: FastifyRequest, record: NamedRecord, subjectId: SubjectId) => {
  const { kind, id, stream } = record
  await deps.inFlight.pause()
  const reader = onlyOf(deps, readersFor(deps, request)(anywhere, id), subjectId)
  const all = eventsOf<KnownEvent>(await deps.store.readStream(stream))
  const events = eventsAbout(record, all, subjectId)
  const { items } = timelineOf(request, deps.store, { events, facts: [], reader, wordsOf: words[kind] })
  return { kind, id, reader, events, timeline: items }
}
type SubjectRecord = Awaited<ReturnType<typeof read>>

const presentRecords = (deps: Deps, records: readonly SubjectRecord[]) => {
  const ofKind = (name: KeptName) => records.filter(({ kind }) => kind === name)
  return {
    tickets: ofKind('ticket').flatMap(({ reader, events, timeline }) => {
      const ticket = fold(events as StoredEvent<TicketEvent>[])
      return ticket === null ? [] : [{ ticket: presentTicket(ticket, reader, deps.now()), timeline }]
    }),
    calls: ofKind('call').map(({ id, timeline }) => ({ ticketNo: id, timeline })),
    inquiries: ofKind('inquiry').flatMap(({ reader, events, timeline }) => {
      const inquiry = inquiryAfter(events as StoredEvent<InquiryEvent>[])
      return inquiry === null ? [] : [{ inquiry: presentInquiry(inquiry, events.length, reader), timeline }]
    }),
    others: records.filter(isOther).map(({ kind, id, timeline }) => ({ kind, id, timeline })),
  }
}

export const subjectExportRoutes: Routes = (deps) => async (plugin) => {
  plugin.withTypeProvider<ZodTypeProvider>().get(
    '/v1/privacy/subjects/:subjectId/export',
    {
      config: { action: 'keep_personal_data', refusals: ['subject_not_found', 'subject_gone'] },
      schema: {
        tags: ['personal data'],
        summary: 'All that is kept of one customer, as JSON',
        description:
          'Every ticket and inquiry of the customer with its timeline, the calls of the customer on tickets of others, and all else that is kept. What others told in the same tickets is left out.',
        params: subjectParams,
        response: { 200: exportAnswer },
      },
    },
    async (request, reply) => {
      const { subjectId } = request.params
      const records = requireSubject(deps, subjectId)
      if (deps.views.subjects.isErased(subjectId)) throw new Refusal('subject_gone', { subjectId })
      const all: SubjectRecord[] = []
      for (const record of records) all.push(await read(deps, request, record, subjectId))
      reply.header('cache-control', 'no-store')
      return { subjectId, exportedAt: deps.now(), ...presentRecords(deps, all) }
    },
  )
}
