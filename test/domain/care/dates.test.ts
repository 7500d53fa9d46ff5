/** Due dates of care tasks against a slow calendar that counts days one by one (rulebook §15). */
import { describe, expect, it, test } from '@jest/globals'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { nextYearly, yearAheadMs } from '../../../domain/care/plannedTasks.ts'
import type { CareVehicle } from '../../../domain/care/state.ts'
import { tasksOf } from '../../../domain/care/tasks.ts'
import { type Instant, toEpoch, toInstant } from '../../../domain/instant.ts'
import { sealed } from '../../support/given.ts'

const zone = 'Asia/Shanghai'

const vehicleOf = (
  handedOverAt: Instant,
  insuranceEndsOn: string | null = null,
  rules = {},
): CareVehicle => ({
  plans: [
    {
      handoverId: `${'a'.repeat(32)}-1`,
      externalNo: null,
      subjectId: 's1',
      dealer: 'D001',
      rbo: 'EAST',
      handedOverAt,
      insuranceEndsOn,
      customer: sealed('customer'),
      rules,
      plannedFrom: null,
      recordedAt: handedOverAt,
      erasedAt: null,
    },
  ],
  visits: [],
  records: {},
  lastAt: handedOverAt,
})

/** Midnight after a day, and a day some months later, by counting. */
const after = (day: DateTime): Instant => toInstant(day.plus({ days: 1 }).startOf('day').toMillis())
const later = (day: DateTime, months: number): DateTime => {
  let [year, month] = [day.year, day.month]
  for (let n = 0; n < months; n++) [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1]
  let date = day.day
  while (!DateTime.fromObject({ year, month, day: date }, { zone }).isValid) date -= 1
  return DateTime.fromObject({ year, month, day: date }, { zone })
}
const addDays = (day: DateTime, days: number): DateTime => {
  let found = day
  for (let n = 0; n < days; n++) found = found.plus({ days: 1 })
  return found
}

const model = (handedOverAt: Instant, insurance: string | null): Record<string, [Instant, Instant]> => {
  const at = DateTime.fromISO(handedOverAt, { zone })
  const day = at.startOf('day')
  const hours24 = toInstant(at.toMillis() + 24 * 3_600_000)
  const month = (n: number): Instant => after(later(day, n))
  const ends = insurance === null ? later(day, 12) : DateTime.fromISO(insurance, { zone })
  const reminded = toInstant(ends.minus({ days: 60 }).toMillis())
  return {
    delivery_24h: [handedOverAt, hours24],
    delivery_3d: [hours24, after(addDays(day, 3))],
    delivery_3m: [toInstant(addDays(day, 75).toMillis()), month(3)],
    first_service: [month(1), month(3)],
    benefits: [month(5), month(6)],
    'insurance.1': [reminded < handedOverAt ? handedOverAt : reminded, after(ends)],
    warranty: [month(34), month(36)],
    return_offer: [month(41), after(addDays(DateTime.fromISO(month(41), { zone }), 30))],
  }
}

const spanOf = (vehicle: CareVehicle, until: Instant): Record<string, [Instant, Instant]> =>
  Object.fromEntries(
    tasksOf(vehicle, until).map(({ taskId, opensAt, dueAt }) => [taskId.slice(35), [opensAt, dueAt]]),
  )

const soon = (instant: Instant): Instant => toInstant(toEpoch(instant) + yearAheadMs)

describe('the dates of a plan', () => {
  it('are those of the slow model, on any day of forty years', () => {
    const instants = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(instants, (date) => {
        const handedOverAt = date.toISOString()
        expect(spanOf(vehicleOf(handedOverAt), soon(handedOverAt))).toEqual(model(handedOverAt, null))
      }),
    )
  })

  test.each([
    ['a leap day', '2024-02-29T03:00:00.000Z'],
    ['the last day of January', '2026-01-31T03:00:00.000Z'],
    ['the last day of November', '2025-11-30T15:59:59.999Z'],
    ['New Year’s Eve in Shanghai', '2025-12-31T15:59:59.999Z'],
    ['New Year in Shanghai', '2025-12-31T16:00:00.000Z'],
    ['the last day of August', '2026-08-31T01:00:00.000Z'],
  ])('are those of the slow model on %s', (_, handedOverAt) => {
    expect(spanOf(vehicleOf(handedOverAt), soon(handedOverAt))).toEqual(model(handedOverAt, null))
  })

  it('say in words: handed over on 31 January, three months end with 30 April', () => {
    const spans = spanOf(vehicleOf('2026-01-31T03:00:00.000Z'), '2026-02-01T00:00:00.000Z')
    expect(spans.delivery_3m).toEqual(['2026-04-15T16:00:00.000Z', '2026-04-30T16:00:00.000Z'])
    expect(spans.first_service).toEqual(['2026-02-28T16:00:00.000Z', '2026-04-30T16:00:00.000Z'])
  })
})

describe('insurance', () => {
  it('comes again every year on its day; a leap day’s on 28 February between', () => {
    const vehicle = vehicleOf('2023-06-01T02:00:00.000Z', '2024-02-29')
    const dues = Object.entries(spanOf(vehicle, '2028-06-01T00:00:00.000Z')).filter(([name]) =>
      name.startsWith('insurance'),
    )
    expect(dues.map(([name, [, due]]) => [name, due])).toEqual([
      ['insurance.1', '2024-02-29T16:00:00.000Z'],
      ['insurance.2', '2025-02-28T16:00:00.000Z'],
      ['insurance.3', '2026-02-28T16:00:00.000Z'],
      ['insurance.4', '2027-02-28T16:00:00.000Z'],
      ['insurance.5', '2028-02-29T16:00:00.000Z'],
    ])
  })

  it('opens next when the first one after an instant opens', () => {
    const vehicle = vehicleOf('2026-03-02T02:00:00.000Z')
    const all = tasksOf(vehicle, '2036-03-02T02:00:00.000Z').filter(({ kind }) => kind === 'insurance')
    let until = toEpoch(vehicle.lastAt)
    for (const { opensAt } of all) {
      expect(nextYearly(vehicle, until)).toBe(toEpoch(opensAt))
      until = toEpoch(opensAt)
    }
  })

  it('that ended before the handover is asked for from the next year on', () => {
    const tasks = tasksOf(vehicleOf('2026-03-02T02:00:00.000Z', '2025-12-01'), '2027-03-02T02:00:00.000Z')
    expect(tasks.filter(({ kind }) => kind === 'insurance').map(({ taskId }) => taskId.slice(35))).toEqual([
      'insurance.2',
    ])
  })
})

it('a kind that the policy switched off, or another number, is the handover’s for good', () => {
  const rules = { kinds: { benefits: false }, delivery3dDays: 5 }
  const spans = spanOf(vehicleOf('2026-03-02T02:00:00.000Z', null, rules), '2026-03-03T02:00:00.000Z')
  expect(spans.benefits).toBeUndefined()
  expect(spans.delivery_3d?.[1]).toBe('2026-03-07T16:00:00.000Z')
})
