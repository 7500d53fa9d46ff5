import { globSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { eventSchemas, eventsOf, UnknownEvent } from '../../domain/storedEvents.ts'
import { isProvisional } from '../../domain/ticket/clocks.ts'
import { type Clocks, type TicketEvent, ticketEventData } from '../../domain/ticket/events.ts'
import { storedOf } from '../support/storedOf.ts'

/** As the log of an older version has it: no `daysOfVersion`, and one `provisional` for both dues. */
const oldClocks =
  '{"calendar":"CN","calendarVersion":3,"policyVersion":4,"responseMinutes":120,"closeWorkingDays":3,"responseDueAt":"2026-12-31T04:00:00.000Z","closeDueAt":"2027-01-05T16:00:00.000Z","provisional":true}'
const oldDispatch = `{"tier":"dealer","unit":"D001","dealer":"D001","rbo":"EAST","clocks":${oldClocks}}`
const oldRecalculation = `{"holder":${oldClocks},"responsibleDealer":${oldClocks},"text":"v1.sealed"}`

const read = (type: TicketEvent['type'], json: string): TicketEvent =>
  eventsOf<TicketEvent>([storedOf(type, JSON.parse(json))])[0] as TicketEvent
const duesOf = (clocks: Clocks) => [isProvisional(clocks, 'response'), isProvisional(clocks, 'close')]

describe('events of older versions', () => {
  test('are of the form that is checked today', () => {
    expect(ticketEventData.TicketDispatched.safeParse(JSON.parse(oldDispatch)).success).toBe(true)
    expect(ticketEventData.DeadlinesRecalculated.safeParse(JSON.parse(oldRecalculation)).success).toBe(true)
  })

  test('of clocks with one mark for both dues, both are provisional (rulebook §5)', () => {
    const dispatched = read('TicketDispatched', oldDispatch)
    if (dispatched.type !== 'TicketDispatched') throw new Error(dispatched.type)
    const { clocks } = dispatched.data
    expect(clocks).toEqual({ ...JSON.parse(oldClocks), provisionalDues: ['response', 'close'] })
    expect(duesOf(clocks)).toEqual([true, true])
  })

  test('a due that there is not is not provisional', () => {
    const json = oldDispatch.replace('"2027-01-05T16:00:00.000Z"', 'null')
    expect(read('TicketDispatched', json)).toMatchObject({
      data: { clocks: { provisionalDues: ['response'] } },
    })
  })

  test('the clocks of a named dealer and of a recalculation are read the same way', () => {
    const provisionalDues = ['response', 'close']
    const named = read(
      'ResponsibleDealerNamed',
      `{"dealer":"D001","rbo":"EAST","formerUnitKept":false,"clocks":${oldClocks}}`,
    )
    expect(named).toMatchObject({ data: { clocks: { provisionalDues } } })
    expect(read('DeadlinesRecalculated', oldRecalculation)).toMatchObject({
      data: { holder: { provisionalDues }, responsibleDealer: { provisionalDues } },
    })
  })

  test('the stored event itself is left as it is, and one of today is handed on', () => {
    const old = storedOf('TicketDispatched', JSON.parse(oldDispatch))
    eventsOf([old])
    expect(old.data).toEqual(JSON.parse(oldDispatch))
    const ofToday = storedOf('TicketDispatched', {
      ...JSON.parse(oldDispatch),
      clocks: { ...JSON.parse(oldClocks), provisional: false },
    })
    expect(eventsOf([ofToday])[0]).toBe(ofToday)
  })
})

describe('events of newer versions', () => {
  test('are refused with a sentence that names the type, the stream and the version, and nothing of the data', () => {
    const reading = () => eventsOf([storedOf('TicketReheated', { text: 'private' })])
    expect(reading).toThrow(UnknownEvent)
    expect(reading).toThrow(
      'Event 3 of ticket-T1 has the type TicketReheated, which this version of the service does not know: a newer version of the service wrote it. Start that version again.',
    )
  })

  test.each(['constructor', 'toString', '__proto__'])('a type named %s is unknown like any other', (type) => {
    expect(() => eventsOf([storedOf(type, {})])).toThrow(UnknownEvent)
  })
})

test('every table of events in the domain is among those that are read', async () => {
  const known = new Set(Object.keys(eventSchemas))
  let tables = 0
  for (const file of globSync('domain/**/*.ts')) {
    const exported = (await import(`../../${file}`)) as Record<string, object>
    for (const [name, table] of Object.entries(exported)) {
      if (!name.endsWith('EventData')) continue
      tables += 1
      expect([name, Object.keys(table).filter((type) => !known.has(type))]).toEqual([name, []])
    }
  }
  expect(tables).toBeGreaterThanOrEqual(7)
})
