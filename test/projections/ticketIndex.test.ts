import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { ticketOfStream } from '../../domain/ticket/events.ts'
import { allProjections, type Projections } from '../../projections/allProjections.ts'
import type { TicketPageQuery } from '../../projections/tickets/ticketPage.ts'
import type { TicketView } from '../../projections/tickets/ticketView.ts'
import type { Views } from '../../projections/views.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { newFile, open, removeFiles } from './support.ts'
import { anyFilters, anyScope, listedBy, wantedOf } from './ticketModel.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const { events: inOrder } = randomHistory({ seed: 9, acts: 700, stepMs: 40 * 60_000, sealing })

/** As after an import of old history: every third ticket is registered before those that are known already. */
const events = inOrder.map((event): StoredEvent => {
  const isOld = Number(event.position) % 3 === 0 && event.type === 'TicketRegistered'
  if (!isOld) return event
  const recordedAt = `2019-${event.metadata.recordedAt.slice(5)}`
  return { ...event, metadata: { ...event.metadata, recordedAt } }
})

/** What a command recorded comes together. */
const endOfCommand = (at: number): number => {
  const commandOf = (index: number) => events[index]?.metadata.commandId
  return at < events.length && commandOf(at) === commandOf(at - 1) ? endOfCommand(at + 1) : at
}

/** The rows as they are, each looked up by itself. */
const ticketsIn = (views: Views, known: readonly StoredEvent[]): TicketView[] =>
  known
    .filter(({ type }) => type === 'TicketRegistered')
    .map(({ stream }) => views.tickets.byNo(ticketOfStream(stream) as string) as TicketView)

/** The service's projections, of which one fails at that position and takes the others' rows back with it. */
const failingAt = (position: string): Projections => ({
  ...allProjections,
  followUps: {
    ...allProjections.followUps,
    open: (db, keys) => {
      const running = allProjections.followUps.open(db, keys)
      let failing = false
      return {
        ...running,
        apply: (event) => {
          failing ||= event.position === position
          running.apply(event)
        },
        flush: () => {
          if (failing) throw new Error('this row does not fit')
          running.flush()
        },
      }
    },
  },
})

const whole = (() => {
  const views = open(newFile(), { sealing })
  views.apply(events)
  const all = ticketsIn(views, events)
  views.close()
  removeFiles()
  return all
})()

const anyQuery: fc.Arbitrary<Omit<TicketPageQuery, 'after'>> = fc.record({
  filters: anyFilters(whole, { sealing, events }),
  scope: anyScope,
  sort: fc.constantFrom('dueAt', '-registeredAt'),
  limit: fc.constantFrom(2, 20),
  now: fc.constantFrom(...whole.flatMap(({ registeredAt, responseDueAt }) => [registeredAt, responseDueAt])),
})

/** What happens after a batch: nothing, a restart, or a commit that another connection sees. */
const anyStep = fc.record({
  size: fc.integer({ min: 1, max: 120 }),
  after: fc.constantFrom('goOn', 'goOn', 'restart', 'read'),
  queries: fc.array(anyQuery, { minLength: 1, maxLength: 4 }),
})

describe('the lists', () => {
  test('are those of the rows after any flush, restart and rollback, for a connection that only reads too', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 2, maxLength: 10 }),
        fc.constantFrom('none', ...events.map(({ position }) => position)),
        (steps, failing) => {
          const file = newFile()
          let views = open(file, { sealing, projections: failingAt(failing) })
          const reader = open(file, { sealing, readonly: true })
          let at = 0
          for (const { size, after, queries } of steps) {
            const next = endOfCommand(at + size)
            views.apply(events.slice(at, next))
            at = next
            if (after === 'restart') {
              views.close()
              views = open(file, { sealing })
            }
            if (after === 'read') views.commit()
            const known = events.slice(0, at)
            const all = ticketsIn(views, known)
            for (const query of queries) {
              const wanted = wantedOf(all, { sealing, events: known }, query)
              expect(listedBy(views.tickets, query)).toEqual(wanted)
              if (after !== 'goOn') expect(listedBy(reader.tickets, query)).toEqual(wanted)
            }
          }
          reader.close()
          views.close()
        },
      ),
      { numRuns: 25 },
    )
  })
})
