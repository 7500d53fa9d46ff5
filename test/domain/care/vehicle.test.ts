/** Care calls (rulebook §15): every act, what it produces, and when it is refused. */
import { describe, expect, it } from '@jest/globals'
import type { Actor } from '../../../domain/authority.ts'
import { type CareEvent, careEventData } from '../../../domain/care/events.ts'
import type { CareVehicle } from '../../../domain/care/state.ts'
import { statusOf, tasksOf } from '../../../domain/care/tasks.ts'
import { type CareCommand, vehicleAggregate } from '../../../domain/care/vehicle.ts'
import { defaultPolicy } from '../../../domain/policy.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { dealer, instant, master, of, sealed } from '../../support/given.ts'

const vehicleId = 'a'.repeat(32)
const handoverId = `${vehicleId}-1`
const task = (kind: string, of: number = 1) => `${vehicleId}-${of}.${kind}`

const handover = {
  externalNo: null,
  subjectId: 's1',
  dealer: 'D001',
  handedOverAt: instant('2026-03-02 10:00'),
  insuranceEndsOn: null,
  customer: sealed('customer'),
  plannedFrom: null,
}
const handedOver: CareEvent = {
  type: 'VehicleHandedOver',
  data: { handoverId, ...handover, rbo: 'EAST', rules: {} },
}
const again = (time: string, number = 2): CareEvent => ({
  type: 'VehicleHandedOver',
  data: {
    ...handedOver.data,
    handoverId: `${vehicleId}-${number}`,
    handedOverAt: instant(time),
    subjectId: 's2',
  } as Extract<CareEvent, { type: 'VehicleHandedOver' }>['data'],
})
const visit = (
  time: string,
  kind: 'first_service' | 'service' | 'repair' | 'other' = 'service',
): CareEvent => ({
  type: 'VisitRecorded',
  data: {
    dealer: 'D002',
    rbo: 'EAST',
    visitedAt: instant(time),
    kind,
    mileageKm: 100,
    afterRepairDays: kind === 'repair' ? 3 : null,
    customer: null,
    subjectId: null,
  },
})
const call = { mileageKm: null, firstServiceOn: null, text: null }
type AttemptData = Extract<CareEvent, { type: 'CareAttempted' }>['data']
const attempted = (taskId: string, time: string, more: Partial<AttemptData> = {}): [string, CareEvent] => [
  time,
  {
    type: 'CareAttempted',
    data: {
      taskId,
      result: 'unreachable',
      outcome: null,
      calledAt: instant(time),
      triageDueAt: null,
      ...call,
      ...more,
    },
  },
]
const dissatisfied = attempted(task('delivery_24h'), '2026-03-02 11:00', {
  result: 'reached',
  outcome: 'dissatisfied',
  text: sealed('feedback'),
  triageDueAt: instant('2026-03-03 11:00'),
})

type TimedCareEvent = CareEvent | [string, CareEvent]
const fold = (events: readonly TimedCareEvent[]): CareVehicle | null =>
  events.reduce<CareVehicle | null>((state, each) => {
    const [time, event] = Array.isArray(each) ? each : ['2026-03-02 10:00', each]
    expect(careEventData[event.type].parse(event.data)).toStrictEqual(event.data)
    return vehicleAggregate.evolve(state, event, {
      recordedAt: instant(time),
      actor: { id: 'a', role: 'dealer' },
    })
  }, null)

const given = (...events: TimedCareEvent[]) => ({
  when: (command: CareCommand, time = '2026-03-02 12:00', actor: Actor = dealer(), known = master) => {
    const outcome = (() => {
      try {
        const state = fold(events)
        vehicleAggregate.authorise(state, command, actor)
        return vehicleAggregate.decide(state, command, { master: known, now: instant(time) })
      } catch (error) {
        if (error instanceof Refusal) return [error.code, error.pointer]
        throw error
      }
    })()
    return {
      // biome-ignore lint/suspicious/noThenProperty: reads as given, when, then
      then: (...expected: CareEvent[]) => expect(outcome).toStrictEqual(expected),
      thenRefused: (code: string, pointer?: string) => expect(outcome).toEqual([code, pointer]),
    }
  },
  at: (time: string): Record<string, string | null> => {
    const vehicle = fold(events) as CareVehicle
    return Object.fromEntries(
      tasksOf(vehicle, instant(time)).map((each) => [
        each.taskId.slice(vehicleId.length + 1),
        statusOf(each, instant(time)),
      ]),
    )
  },
})

const record: CareCommand = { type: 'RecordHandover', vehicleId, ...handover }
const attempt = (more: Partial<Extract<CareCommand, { type: 'RecordAttempt' }>> = {}): CareCommand => ({
  type: 'RecordAttempt',
  taskId: task('delivery_24h'),
  result: 'reached',
  outcome: 'satisfied',
  calledAt: instant('2026-03-02 11:30'),
  hasFeedback: false,
  isErased: false,
  ...call,
  ...more,
})
const closed = {
  ...master,
  policy: { ...master.policy, values: { ...defaultPolicy, care: { ...defaultPolicy.care, enabled: false } } },
}

describe('a handover', () => {
  it('starts a plan under the rules of now', () => {
    given().when(record).then(handedOver)
    const care = { ...defaultPolicy.care, delivery24hHours: 48 }
    const changed = { ...master, policy: { ...master.policy, values: { ...defaultPolicy, care } } }
    given()
      .when(record, '2026-03-02 12:00', dealer(), changed)
      .then({ ...handedOver, data: { ...handedOver.data, rules: { delivery24hHours: 48 } } } as CareEvent)
  })
  it('is refused in the future, for an unknown dealer, for another dealer, and where the desk is closed', () => {
    given().when(record, '2026-03-02 09:59').thenRefused('future_instant', '#/handedOverAt')
    given()
      .when({ ...record, dealer: 'D999' } as CareCommand, undefined, of('admin'))
      .thenRefused('unknown_dealer', '#/dealerCode')
    given().when(record, undefined, dealer('D002')).thenRefused('not_this_dealer', '#/dealerCode')
    given().when(record, undefined, of('csr')).thenRefused('role_not_allowed')
    given().when(record, undefined, dealer(), closed).thenRefused('desk_closed')
  })
  it('again ends what was open; what was done stays done', () => {
    const done = attempted(task('delivery_24h'), '2026-03-02 11:00', {
      result: 'reached',
      outcome: 'neutral',
    })
    const states = given(handedOver, done, ['2026-03-10 10:00', again('2026-03-10 09:00')]).at(
      '2026-03-10 10:00',
    )
    expect(states['1.delivery_24h']).toBe('done')
    expect(states['1.delivery_3d']).toBe('not_needed')
    expect(states['1.delivery_3m']).toBeUndefined()
    expect(states['2.delivery_24h']).toBe('open')
  })
  it('recorded late, of an earlier day, leaves the later plan alone', () => {
    const states = given(handedOver, ['2026-03-03 10:00', again('2026-02-01 09:00')]).at('2026-03-03 09:00')
    expect(states['1.delivery_24h']).toBe('open')
    expect(states['2.delivery_3d']).toBe('not_needed')
  })
  it('of an import plans only what is not over already', () => {
    const plannedFrom = instant('2026-03-20 00:00')
    const imported = { ...handedOver, data: { ...handedOver.data, plannedFrom } } as CareEvent
    const states = given(imported).at('2026-03-20 00:00')
    expect(states['1.delivery_3d']).toBeUndefined()
    expect(states['1.first_service']).toBe(null)
  })
})

describe('a task', () => {
  it('is open from its opening to its due, and overdue after it', () => {
    expect(given(handedOver).at('2026-03-03 10:00')['1.delivery_24h']).toBe('open')
    expect(given(handedOver).at('2026-03-03 10:00:00.001')['1.delivery_24h']).toBe('overdue')
    expect(given(handedOver).at('2026-03-03 09:59:59')['1.delivery_3d']).toBe(null)
    expect(given(handedOver).at('2026-03-05 23:59:59')['1.delivery_3d']).toBe('open')
    expect(given(handedOver).at('2026-03-06 00:00')['1.delivery_3d']).toBe('overdue')
  })
  it('is done in time, or late by when the call was recorded', () => {
    const reached = { result: 'reached', outcome: 'satisfied' } as const
    expect(
      given(handedOver, attempted(task('delivery_24h'), '2026-03-03 10:00', reached)).at('2026-03-04 10:00')[
        '1.delivery_24h'
      ],
    ).toBe('done')
    const late = attempted(task('delivery_24h'), '2026-03-03 10:01', {
      ...reached,
      calledAt: instant('2026-03-02 12:00'),
    })
    expect(given(handedOver, late).at('2026-03-04 10:00')['1.delivery_24h']).toBe('late')
  })
  it('fails with the third day without an answer, and with the second refusal', () => {
    const id = task('delivery_3d')
    const twice = [
      attempted(id, '2026-03-03 11:00'),
      attempted(id, '2026-03-03 12:00'),
      attempted(id, '2026-03-04 12:00'),
    ]
    expect(given(handedOver, ...twice).at('2026-03-05 10:00')['1.delivery_3d']).toBe('open')
    expect(
      given(handedOver, ...twice, attempted(id, '2026-03-05 09:00')).at('2026-03-05 10:00')['1.delivery_3d'],
    ).toBe('failed')
    const declined = { result: 'declined' } as const
    const refusals = [
      attempted(id, '2026-03-03 11:00', declined),
      attempted(id, '2026-03-03 12:00', declined),
    ]
    expect(given(handedOver, refusals[0]!).at('2026-03-05 10:00')['1.delivery_3d']).toBe('open')
    expect(given(handedOver, ...refusals).at('2026-03-05 10:00')['1.delivery_3d']).toBe('failed')
  })
  it('of a repair is the repairing dealer’s, due at the end of the third day', () => {
    const vehicle = fold([
      handedOver,
      ['2026-04-02 12:00', visit('2026-04-02 11:00', 'repair')],
    ]) as CareVehicle
    expect(
      tasksOf(vehicle, instant('2026-04-02 12:00')).find(({ kind }) => kind === 'after_repair_3d'),
    ).toMatchObject({
      taskId: `${handoverId}.after_repair_3d.1`,
      dealer: 'D002',
      opensAt: instant('2026-04-02 11:00'),
      dueAt: instant('2026-04-06 00:00'),
    })
  })
  it('of the first service ends with a visit for it, or with any while it is open', () => {
    const of = (time: string, kind?: 'first_service') =>
      given(handedOver, [time, visit(time, kind)]).at('2026-04-20 10:00')
    expect(of('2026-03-10 10:00', 'first_service')['1.first_service']).toBe('not_needed')
    expect(of('2026-03-10 10:00')['1.first_service']).toBe('open')
    expect(of('2026-04-10 10:00')['1.first_service']).toBe('not_needed')
  })
  it('a visit before the handover changes nothing', () => {
    expect(given(handedOver, visit('2026-03-01 10:00', 'first_service')).at('2026-04-20 10:00')).toEqual(
      given(handedOver).at('2026-04-20 10:00'),
    )
  })
  it('that invites back waits for six months without a visit, and ends with the next', () => {
    const offer = (...times: string[]) =>
      given(handedOver, ...times.map((time): TimedCareEvent => [time, visit(time)])).at('2029-12-01 10:00')[
        '1.return_offer'
      ]
    expect(offer()).toBe('overdue')
    expect(offer('2029-07-15 10:00')).toBe(null)
    expect(offer('2029-05-20 10:00')).toBe('open')
    expect(offer('2029-05-20 10:00', '2029-11-25 10:00')).toBe('not_needed')
  })
})

describe('an attempt', () => {
  it('is recorded, with the triage’s due where the customer is dissatisfied', () => {
    const {
      hasFeedback: _,
      isErased: __,
      type: ___,
      ...data
    } = attempt() as Extract<CareCommand, { type: 'RecordAttempt' }>
    given(handedOver)
      .when(attempt())
      .then({ type: 'CareAttempted', data: { ...data, triageDueAt: null } })
    const more = { outcome: 'dissatisfied', hasFeedback: true, text: sealed('feedback') } as const
    given(handedOver)
      .when(attempt(more))
      .then({
        type: 'CareAttempted',
        data: {
          ...data,
          outcome: 'dissatisfied',
          text: sealed('feedback'),
          triageDueAt: instant('2026-03-03 12:00'),
        },
      })
  })
  it('is refused on a task that has not opened, has ended, is not there, or whose customer was erased', () => {
    given(handedOver)
      .when(attempt({ taskId: task('benefits') }))
      .thenRefused('care_task_not_open')
    given(handedOver, dissatisfied).when(attempt()).thenRefused('care_task_ended')
    given(handedOver)
      .when(attempt({ taskId: task('delivery_24h', 2) }))
      .thenRefused('care_task_not_found')
    given(handedOver)
      .when(attempt({ taskId: task('insurance.9') }))
      .thenRefused('care_task_not_found')
    given(handedOver)
      .when(attempt({ isErased: true }))
      .thenRefused('care_task_ended')
    given(handedOver, ['2026-03-02 11:00', again('2026-03-02 11:00')])
      .when(attempt())
      .thenRefused('care_task_ended')
  })
  it('is refused with an outcome that does not fit', () => {
    given(handedOver)
      .when(attempt({ outcome: null }))
      .thenRefused('care_outcome_required', '#/outcome')
    given(handedOver)
      .when(attempt({ result: 'declined' }))
      .thenRefused('care_outcome_not_wanted', '#/outcome')
    given(handedOver)
      .when(attempt({ outcome: 'dissatisfied' }))
      .thenRefused('care_feedback_required', '#/product')
  })
  it('is refused in the future, before the task opened, and a third time on one day', () => {
    given(handedOver)
      .when(attempt({ calledAt: instant('2026-03-02 12:01') }))
      .thenRefused('future_instant', '#/calledAt')
    given(handedOver)
      .when(attempt({ calledAt: instant('2026-03-02 09:00') }))
      .thenRefused('care_call_before_task', '#/calledAt')
    const twice = ['2026-03-02 10:30', '2026-03-02 11:00'].map((time) =>
      attempted(task('delivery_24h'), time),
    )
    given(handedOver, ...twice)
      .when(attempt())
      .thenRefused('care_attempts_of_day', '#/calledAt')
    given(handedOver, ...twice)
      .when(
        attempt({ result: 'unreachable', outcome: null, calledAt: instant('2026-03-03 09:00') }),
        '2026-03-03 09:00',
      )
      .then(attempted(task('delivery_24h'), '2026-03-03 09:00')[1])
  })
})

describe('what is on the triage list', () => {
  const ofTask = { taskId: task('delivery_24h'), isErased: false }
  const complain = { category: 'A4a' as const, flags: [], sameProblemAs: 'auto' }
  const became: CareEvent = { type: 'CareBecameComplaint', data: { taskId: ofTask.taskId, ...complain } }
  const dismiss: CareCommand = { type: 'DismissTask', ...ofTask, text: sealed('reason') }
  const become: CareCommand = { type: 'BecomeComplaint', ...ofTask, ...complain }
  const named: CareEvent = {
    type: 'CareTicketNamed',
    data: { taskId: ofTask.taskId, ticketNo: 'T1', outcome: 'registered' },
  }
  const refused = { code: 'unknown_ticket', params: {}, pointer: null }
  const csr = of('csr')

  it('is dismissed, or becomes a complaint, once', () => {
    given(handedOver, dissatisfied)
      .when(dismiss, undefined, csr)
      .then({ type: 'CareDismissed', data: { taskId: ofTask.taskId, text: sealed('reason') } })
    given(handedOver, dissatisfied).when(become, undefined, csr).then(became)
    for (const command of [dismiss, become]) {
      given(handedOver, dissatisfied, became).when(command, undefined, csr).thenRefused('care_not_in_triage')
      given(handedOver, dissatisfied, became, named)
        .when(command, undefined, csr)
        .thenRefused('care_not_in_triage')
      given(handedOver).when(command, undefined, csr).thenRefused('care_not_in_triage')
      given(handedOver, dissatisfied)
        .when({ ...command, isErased: true }, undefined, csr)
        .thenRefused('care_not_in_triage')
      given(handedOver, dissatisfied).when(command).thenRefused('role_not_allowed')
    }
  })
  it('names the ticket once; is on the list again where the complaint was refused', () => {
    const name: CareCommand = { type: 'NameTicket', ...named.data } as CareCommand
    given(handedOver, dissatisfied, became).when(name, undefined, csr).then(named)
    given(handedOver, dissatisfied, became, named).when(name, undefined, csr).then()
    const reopen: CareCommand = { type: 'ReopenTask', taskId: ofTask.taskId, refused }
    const reopened: CareEvent = { type: 'CareReopened', data: { taskId: ofTask.taskId, refused } }
    given(handedOver, dissatisfied, became).when(reopen, undefined, csr).then(reopened)
    given(handedOver, dissatisfied, became, reopened).when(become, undefined, csr).then(became)
  })
})
