import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DAY, toEpoch, toInstant } from '../../domain/instant.ts'
import { currentResponsibility, type Ticket } from '../../domain/ticket/state.ts'
import type { Scope } from '../../projections/scope.ts'
import type { ConsumerNoticeQuery } from '../../projections/tickets/consumerNotices.ts'
import type { TicketPage } from '../../projections/tickets/ticketPage.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { dealerCodes } from '../support/history/log.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { removeFiles, viewsOf } from './support.ts'

const { sealing } = fakeSealing()
const { events, tickets } = randomHistory({ seed: 11, acts: 3000, stepMs: 40 * 60_000, sealing })
const all = [...tickets.values()]
let views: Views
beforeAll(() => {
  views = viewsOf(events, { size: 100, sealing }).views
})
afterAll(() => {
  views.close()
  removeFiles()
})

const numbersOf = (query: Omit<ConsumerNoticeQuery, 'after'>): string[] => {
  const numbers: string[] = []
  let after: TicketPage['next'] = null
  do {
    const page: TicketPage = views.tickets.consumerNotices({ ...query, after })
    numbers.push(...page.items.map(({ ticketNo }) => ticketNo))
    after = page.next
  } while (after !== null)
  return numbers
}

const isOn = (ticket: Ticket, { status, now, horizon }: Omit<ConsumerNoticeQuery, 'after'>): boolean => {
  if (ticket.state === 'rescinded' || ticket.state === 'duplicate') return false
  if (ticket.consumerInformedAt !== null) return status === 'done'
  if (ticket.consumerNoticeDueAt <= now) return status === 'overdue'
  return status === 'near' && ticket.consumerNoticeDueAt <= horizon
}

const isSeen = (ticket: Ticket, [scope]: readonly Scope[]): boolean => {
  if (scope?.kind === 'all') return true
  if (scope?.kind === 'rbo') return ticket.rbo === scope.code
  return ticket.dealer === scope?.code || currentResponsibility(ticket)?.unit === scope?.code
}

test('the notices owed and given are those of the tickets by their own fold, the earliest due first', () => {
  expect(all.filter(({ consumerInformedAt }) => consumerInformedAt !== null).length).toBeGreaterThan(10)
  fc.assert(
    fc.property(
      fc.constantFrom(...all.map(({ consumerNoticeDueAt }) => consumerNoticeDueAt)),
      fc.integer({ min: -1, max: 1 }),
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom('near', 'overdue', 'done'),
      fc.constantFrom<Scope>(
        { kind: 'all' },
        { kind: 'rbo', code: 'EAST' },
        ...dealerCodes.map((code): Scope => ({ kind: 'dealer', code })),
      ),
      fc.constantFrom(3, 40),
      (due, off, days, status, scope, limit) => {
        const now = toInstant(toEpoch(due) + off)
        const query = { status, scope: [scope], limit, now, horizon: toInstant(toEpoch(now) + days * DAY) }
        const wanted = all
          .filter((ticket) => isOn(ticket, query) && isSeen(ticket, query.scope))
          // a stable sort: of equal dues, the one registered first
          .toSorted((a, b) => toEpoch(a.consumerNoticeDueAt) - toEpoch(b.consumerNoticeDueAt))
        expect(numbersOf(query)).toEqual(wanted.map(({ ticketNo }) => ticketNo))
      },
    ),
    { numRuns: 150 },
  )
})

test('the notices of no scope are none', () => {
  const now = '2026-03-02T02:00:00.000Z'
  const query = { status: 'done', scope: [], limit: 10, now, horizon: now } as const
  expect(views.tickets.consumerNotices(query)).toEqual({ items: [], next: null })
})
