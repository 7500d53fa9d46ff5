/** What a form is filled from: the ticket as it is or was, what is written in its history, and names for its units. */
import type { FastifyRequest } from 'fastify'
import { tiers } from '../../domain/codes.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Master } from '../../domain/master.ts'
import { timeOf } from '../../domain/shanghaiTime.ts'
import type { DataOf, TicketEvent, TicketEventType, TicketNo, Unit } from '../../domain/ticket/events.ts'
import { fold } from '../../domain/ticket/evolve.ts'
import { currentAssignment, currentResponsibility, type Ticket } from '../../domain/ticket/state.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { asOfOr } from '../http/asOf.ts'
import type { Deps } from '../http/deps.ts'
import { eventsFor } from '../tickets/requestContext.ts'

export type CaseFile = {
  ticket: Ticket
  events: readonly StoredEvent<TicketEvent>[]
  reader: Reader
  /** The reader does not see personal data and free text. */
  masked: boolean
  master: Master
  /** Of when all this is. */
  at: Instant
}

/** Everything about the ticket that the caller may see. @throws Refusal `ticket_not_found`; Problem `as_of_in_future` */
export const caseFileOf = async (
  deps: Deps,
  request: FastifyRequest,
  { ticketNo, asOf }: { ticketNo: TicketNo; asOf: Instant | undefined },
): Promise<CaseFile> => {
  const at = asOfOr(deps.now(), asOf)
  const { events, reader } = await eventsFor(deps, request, ticketNo, asOf)
  return {
    ticket: fold(events) as Ticket,
    events,
    reader,
    masked: reader.masks,
    master: deps.views.master.at(at),
    at,
  }
}

type EventOf<T extends TicketEventType> = { data: DataOf<T>; metadata: StoredEvent['metadata'] }

/** The ticket's events of one type, oldest first. */
export const eventsOf = <T extends TicketEventType>({ events }: CaseFile, type: T): EventOf<T>[] =>
  events.filter((event) => event.type === type) as unknown as EventOf<T>[]

/** A dealer as people know it, `上海一店（D001）`; `null` where there is none. */
export const dealerName = ({ master }: CaseFile, code: string | null): string | null =>
  code === null ? null : named(master.dealer(code)?.name, code)

/** A unit the same way; the desks of the brand by their duty. */
export const unitName = ({ master }: CaseFile, unit: Unit): string => unitNameIn(master, unit)

/** The same by the master data of that moment. */
export const unitNameIn = (master: Master, { tier, unit }: Unit): string => {
  if (tier === 'dealer') return named(master.dealer(unit)?.name, unit)
  if (tier === 'rbo') return named(master.rbo(unit)?.name, unit)
  return tiers[tier].zh
}

/** A name with its code; the code alone where there is no name. */
export const named = (name: string | undefined, code: string): string =>
  name === undefined ? code : `${name}（${code}）`

/** The dealer that works on it: the holder, on a B or C ticket the responsible one, else the one it is about. */
export const workingDealer = ({ ticket }: CaseFile): string | null => {
  const holder = currentAssignment(ticket)
  if (holder.tier === 'dealer') return holder.unit
  return currentResponsibility(ticket)?.unit ?? ticket.dealer
}

/** The last line of a form: of when it is, and whether something, which `hidden` names, is hidden. */
export const footOf = (
  { at, masked }: Pick<CaseFile, 'at' | 'masked'>,
  hidden = '客户信息及文字内容',
): string =>
  `数据截至 ${timeOf(at)}（北京时间）。${masked ? `${hidden}已按权限隐去。` : '空白处请手工填写。'}`
