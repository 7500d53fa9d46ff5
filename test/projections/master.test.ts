import { afterEach, describe, expect, test } from '@jest/globals'
import { addServiceMinutes } from '../../domain/calendar/workingTime.ts'
import { eventId, type StoredEvent } from '../../domain/eventStore.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { newFile, open, removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const jan = '2026-01-01T00:00:00.000Z'
const feb = '2026-02-01T00:00:00.000Z'
const mar = '2026-03-01T00:00:00.000Z'
const early = '2020-01-01T00:00:00.000Z'

const logOf = (
  entries: [stream: string, recordedAt: string, type: string, data: object][],
): StoredEvent[] => {
  const versions = new Map<string, number>()
  return entries.map(([stream, recordedAt, type, data], index) => {
    const version = (versions.get(stream) ?? 0) + 1
    versions.set(stream, version)
    const commandId = `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`
    const metadata = { commandId, actor: { id: 'hq', role: 'hq_sales' }, correlationId: 'r', recordedAt }
    return { id: eventId(commandId, 0), type, data, metadata, stream, version, position: String(index + 1) }
  })
}

const events = logOf([
  ['calendar-CN', jan, 'CalendarDefined', { opens: '09:00', closes: '18:00', daysOf: null }],
  ['calendar-CN', jan, 'CalendarYearSet', { year: 2026, off: ['2026-01-01'], work: [], source: 'a' }],
  ['calendar-CN-XJ', jan, 'CalendarDefined', { opens: '10:00', closes: '19:00', daysOf: 'CN' }],
  ['rbo-EAST', jan, 'RboSet', { name: 'East', calendar: 'CN-XJ' }],
  ['rbo-WEST', jan, 'RboSet', { name: 'West', calendar: null }],
  ['dealer-D2', jan, 'DealerSet', { name: 'Two', rbo: 'WEST', calendar: null, active: true }],
  ['dealer-D1', jan, 'DealerSet', { name: 'One', rbo: 'EAST', calendar: null, active: true }],
  ['dealer-D1', feb, 'DeliveriesSet', { quarter: '2025Q4', count: 40 }],
  ['dealer-D1', feb, 'DealerSet', { name: 'One', rbo: 'WEST', calendar: 'CN', active: false }],
  ['dealer-D1', mar, 'DeliveriesSet', { quarter: '2025Q4', count: 44 }],
  ['policy', jan, 'PolicySet', { effectiveFrom: jan, ...defaultPolicy }],
  ['policy', feb, 'PolicySet', { effectiveFrom: mar, ...defaultPolicy, rewardTop: 3 }],
  ['calendar-CN', mar, 'CalendarYearSet', { year: 2026, off: ['2026-03-03'], work: [], source: 'b' }],
])

describe('master data', () => {
  test('counts from its first entry backwards to the beginning, later changes from when they are recorded', () => {
    const { views } = viewsOf(events)
    const { at } = views.master
    expect(at(early).dealer('D1')).toEqual({
      code: 'D1',
      name: 'One',
      rbo: 'EAST',
      calendar: 'CN-XJ',
      active: true,
    })
    expect(at('2026-01-31T23:59:59.999Z').dealer('D1')?.rbo).toBe('EAST')
    expect(at(feb).dealer('D1')).toEqual({
      code: 'D1',
      name: 'One',
      rbo: 'WEST',
      calendar: 'CN',
      active: false,
    })
    expect(at(feb).dealer('D2')?.calendar).toBe('CN')
    expect(at(feb).rbo('EAST')).toEqual({ code: 'EAST', name: 'East', calendar: 'CN-XJ' })
    expect(at(feb).dealer('D9')).toBeNull()
    expect(at(feb).rbo('NORTH')).toBeNull()
    expect(at(feb).calendar('CN').version).toBe(2)
    expect(at(mar).calendar('CN').version).toBe(3)
    expect(() => at(feb).calendar('MARS')).toThrow('MARS')
    views.close()
  })

  test('a policy counts from when it takes effect', () => {
    const { views } = viewsOf(events)
    const { at, policy } = views.master
    expect(at(early).policy).toEqual({ version: 1, values: defaultPolicy })
    expect(at('2026-02-28T23:59:59.999Z').policy.version).toBe(1)
    expect(at(mar).policy.version).toBe(2)
    expect(policy(mar)).toMatchObject({
      policyVersion: 2,
      effectiveFrom: mar,
      version: 2,
      values: { rewardTop: 3 },
    })
    expect(policy(feb)).toMatchObject({ policyVersion: 1, effectiveFrom: jan, version: 2 })
    views.close()
  })

  test('is one snapshot while nothing changes, and another as soon as something does', () => {
    const file = newFile()
    const views = open(file)
    views.apply(events.slice(0, -1))
    const before = views.master.at(mar)
    expect(views.master.at('2026-03-05T00:00:00.000Z')).toBe(before)
    expect(before.calendar('CN').timetable).toBe(views.master.at(feb).calendar('CN').timetable)
    views.apply(events.slice(-1))
    expect(views.master.at(mar)).not.toBe(before)
    expect(views.master.at(mar).calendar('CN').version).toBe(3)
    views.close()
  })

  test('is listed as entered last, with the version of its stream', () => {
    const { views } = viewsOf(events)
    const { master } = views
    expect(master.dealers({ limit: 10 }).map(({ code, version }) => [code, version])).toEqual([
      ['D1', 4],
      ['D2', 1],
    ])
    expect(master.dealers({ limit: 1 })).toEqual([master.dealer('D1')])
    expect(master.dealers({ limit: 1, after: 'D1' })).toEqual([master.dealer('D2')])
    expect(master.dealer('D1')).toEqual({
      code: 'D1',
      name: 'One',
      rbo: 'WEST',
      calendar: 'CN',
      active: false,
      version: 4,
    })
    expect(master.dealer('D9')).toBeNull()
    expect(master.rbos().map(({ code }) => code)).toEqual(['EAST', 'WEST'])
    expect(master.rbo('WEST')).toEqual({ code: 'WEST', name: 'West', calendar: null, version: 1 })
    expect(master.rbo('NORTH')).toBeNull()
    expect(master.rboOfDealer('D1', early)).toBe('EAST')
    expect(master.calendar('CN')).toEqual({
      id: 'CN',
      opens: '09:00',
      closes: '18:00',
      daysOf: null,
      years: [2026],
      version: 3,
    })
    expect(master.calendar('MARS')).toBeNull()
    expect(master.calendarYear('CN', 2026)).toMatchObject({ off: ['2026-03-03'], source: 'b', version: 3 })
    expect(master.calendarYear('CN', 2027)).toBeNull()
    expect(master.borrowersOf('CN')).toEqual(['CN-XJ'])
    views.close()
  })

  test('deliveries count as known at an instant, the first entry backwards', () => {
    const { views } = viewsOf(events)
    const { deliveries } = views.master
    expect(deliveries('D1', '2025Q4')).toEqual({ count: 44, version: 4 })
    expect(deliveries('D1', '2025Q4', feb)).toEqual({ count: 40, version: 2 })
    expect(deliveries('D1', '2025Q4', early)).toEqual({ count: 40, version: 2 })
    expect(deliveries('D1', '2026Q1')).toBeNull()
    views.close()
  })

  test('with nothing entered there is the default policy and nothing else', () => {
    const { views } = viewsOf([])
    expect(views.master.at(jan).policy).toEqual({ version: 0, values: defaultPolicy })
    expect(views.master.policy(jan)).toMatchObject({ policyVersion: 0, effectiveFrom: null, version: 0 })
    expect(views.master.dealers({ limit: 5 })).toEqual([])
    views.close()
  })
})

test('hours that changed are two timetables, also where a year entered later counts backwards to both', () => {
  const { views } = viewsOf(
    logOf([
      ['calendar-CN', jan, 'CalendarDefined', { opens: '09:00', closes: '18:00', daysOf: null }],
      ['calendar-CN', feb, 'CalendarDefined', { opens: '10:00', closes: '16:00', daysOf: null }],
      ['calendar-CN', mar, 'CalendarYearSet', { year: 2027, off: [], work: [], source: 'a' }],
      ['policy', jan, 'PolicySet', { effectiveFrom: jan, ...defaultPolicy }],
    ]),
  )
  const morning = Date.parse('2026-04-08T08:00:00+08:00')
  const dueAsKnown = (instant: string) =>
    addServiceMinutes(views.master.at(instant).calendar('CN').timetable, morning, 60).due
  expect([jan, mar, jan].map(dueAsKnown)).toEqual(
    ['10:00', '11:00', '10:00'].map((time) => Date.parse(`2026-04-08T${time}:00+08:00`)),
  )
})
