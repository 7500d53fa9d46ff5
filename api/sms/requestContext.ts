/** What the routes of SMS contacts share: whose contacts the caller sees, and what a write rests on. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Action, actingRole } from '../../domain/authority.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { Refusal } from '../../domain/refusal.ts'
import { placeOfDealer, seesDealer } from '../../domain/scope.ts'
import type { SmsDataOf, SmsEvent } from '../../domain/sms/events.ts'
import { type SmsContacts, type SmsRequest, smsAggregate } from '../../domain/sms/smsContacts.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import { unitCodeSchema } from '../../domain/unitCode.ts'
import type { CommandRow } from '../commands/deps.ts'
import type { SmsDone, SmsGuards } from '../commands/sms/smsContacts.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import type { Deps, Http } from '../http/deps.ts'
import { ifMatch, requireMatch } from '../http/etag.ts'
import { type Write, writeOnce } from '../http/idempotency.ts'
import { sendWritten } from '../http/written.ts'
import { readersFor } from '../tickets/requestContext.ts'
import { presentSmsRequest } from './present.ts'

export const dealerParams = z.strictObject({ code: unitCodeSchema })

/** A dealer outside the caller's scope is as good as absent. @throws Refusal `dealer_not_found` */
export const requireDealer = ({ views }: Deps, { caller }: FastifyRequest, code: string): void => {
  const dealer = views.master.dealer(code)
  if (dealer === null || !seesDealer(caller, { dealer: code, rbo: dealer.rbo }))
    throw new Refusal('dealer_not_found', { code })
}

/** Opens contacts of a dealer as far as the caller may, each a row of its own in the access log. */
export const contactReaders = (deps: Deps, request: FastifyRequest) => {
  const readerAt = readersFor(deps, request)
  return (dealer: string, contactId: string): Reader => {
    const rbo = deps.views.master.dealer(dealer)?.rbo ?? null
    return readerAt(placeOfDealer(dealer, rbo), null, contactId)
  }
}

export const guardsOf = (request: FastifyRequest): SmsGuards => {
  const precondition = ifMatch(request)
  return { once: precondition !== undefined, before: ({ version }) => requireMatch(precondition, version) }
}

/** The contacts after their first events, and the event at which a remembered write left them. */
const replayed = async ({ store }: Deps, { stream, fromVersion, toVersion, position }: CommandRow) => {
  const events = eventsOf<SmsEvent>(await store.readStream(stream)).slice(0, toVersion)
  const state = events.reduce<SmsContacts | null>(
    (folding, event) => smsAggregate.evolve(folding, event, event.metadata),
    null,
  )
  const { requestId } = (events[fromVersion - 1] as StoredEvent<SmsEvent>)
    .data as SmsDataOf<'SmsContactAccepted'>
  return { request: state?.requests.get(requestId) as SmsRequest, version: toVersion, position }
}

/** Does a write on a dealer's contacts once, and answers with the request. */
export const writeContacts = async (
  deps: Deps,
  { request, reply }: Http,
  code: string,
  fresh: (write: Write) => Promise<SmsDone>,
) => {
  const written = await writeOnce<SmsDone>(deps, request, {
    fresh: (write) => {
      requireDealer(deps, request, code)
      return fresh(write)
    },
    permit: () => {
      actingRole(request.caller, request.routeOptions.config.action as Action)
      requireDealer(deps, request, code)
    },
    again: ([row]) => replayed(deps, row as CommandRow),
    subjectOf: async ([row]) => (await replayed(deps, row as CommandRow)).request.contactId,
  })
  const { request: asked, version, position } = written.answer
  sendWritten(reply, { version, position, replayed: written.replayed })
  return presentSmsRequest(asked, contactReaders(deps, request)(asked.dealer, asked.contactId))
}
