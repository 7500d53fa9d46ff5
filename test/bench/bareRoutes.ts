/** What the intake is measured against: the same address, auth and validation, with less behind them. */

import { type ComplaintBody, complaintBody } from '../../api/commands/tickets/bodies.ts'
import { toSeal } from '../../api/commands/tickets/personal.ts'
import type { Routes } from '../../api/http/deps.ts'
import { eventId, type NewEvent } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import { decide } from '../../domain/ticket/decide.ts'
import { type Registration, type TicketEvent, ticketStream } from '../../domain/ticket/events.ts'
import { noVehicle } from '../../domain/ticket/person.ts'

const options = { config: { action: 'register', refusals: [] }, schema: { body: complaintBody } } as const

/** One durable append, and nothing that belongs to complaints. */
export const appendOnly: Routes = (deps) => async (app) => {
  app.post<{ Body: ComplaintBody }>('/v1/complaints', options, async ({ body, id, caller }, reply) => {
    const commandId = deps.newCommandId()
    const actor = { id: caller.id, role: 'csr' }
    const metadata = { commandId, actor, correlationId: id, recordedAt: deps.now() }
    const event = { id: eventId(commandId, 0), type: 'ComplaintReceived', data: body, metadata }
    const { position } = await deps.store.append(`complaint-${commandId}`, 0, [event])
    return reply.code(201).header('x-position', position).send({ commandId })
  })
}

/**
 * What a complaint leaves behind: a customer's key, two sealed texts, the events of a ticket in the log and in the
 * views. No rule is asked, nothing looked up: what would be decided was decided once.
 */
export const storeOnly: Routes = (deps) => async (app) => {
  let decided: TicketEvent[] | null = null
  const eventsOf = (registration: Registration, now: Instant): TicketEvent[] => {
    const asked = { type: 'Register', now, actor: { id: '1001', roles: ['csr'] }, registration } as const
    decided ??= decide(null, asked, { master: deps.views.master.at(now), now })
    return decided.map((event) =>
      event.type === 'TicketRegistered' ? { ...event, data: { ...event.data, ...registration } } : event,
    )
  }
  app.post<{ Body: ComplaintBody }>('/v1/complaints', options, async ({ body, id, caller }, reply) => {
    const [commandId, now] = [deps.newCommandId(), deps.now()]
    const { channel, category, customer, vehicle, content, initialCause, dealerCode } = body
    const subjectId = await deps.subjects.create()
    const registration: Registration = {
      // never another's, so that there is nothing to try again
      ticketNo: commandId,
      externalNo: null,
      subjectId,
      channel,
      source: null,
      category,
      ordinal: 1,
      receivedAt: now,
      flags: [],
      dealer: dealerCode,
      escalatedFrom: null,
      relatedTo: null,
      customer: deps.sealing.seal(subjectId, toSeal({ customer, vehicle: vehicle ?? noVehicle })),
      text: deps.sealing.seal(subjectId, { content, initialCause }),
    }
    const metadata = { commandId, actor: { id: caller.id, role: 'csr' }, correlationId: id, recordedAt: now }
    const events = eventsOf(registration, now).map(
      (event, index): NewEvent => ({ ...event, id: eventId(commandId, index), metadata }),
    )
    const { position } = await deps.store.append(ticketStream(registration.ticketNo), 0, events)
    return reply.code(201).header('x-position', position).send({ ticketNo: registration.ticketNo })
  })
}
