import { describe, expect, test } from '@jest/globals'
import { changedFields, correctedPerson } from '../../../domain/ticket/correction.ts'
import { noCustomer, noVehicle } from '../../../domain/ticket/person.ts'
import { given, of, sealed, ticketAfter } from '../../support/given.ts'
import { correct } from './commands.ts'
import { closed, corrected, dispatched, markedDuplicate, registered, rescinded, responded } from './events.ts'

const at = '2026-03-02 11:00'
const open = [registered(), dispatched()]

describe('a correction', () => {
  test.each([
    ['unhandled', []],
    ['in progress', [responded()]],
    ['completed', [responded(), closed()]],
  ])('of a ticket that is %s puts the corrected data in place', (_, events) => {
    const done = given(...open, ...events).when(correct(at))
    done.then(corrected())
    expect(done.ticket()).toMatchObject({ customer: sealed('corrected'), subjectId: 's1' })
  })

  test('changes nothing else of the ticket', () => {
    const [before, after] = [ticketAfter(...open), ticketAfter(...open, corrected())]
    expect(after).toEqual({ ...before, customer: sealed('corrected'), version: 3 })
  })

  test('that changes no field is none', () => {
    given(...open)
      .when(correct(at, { fields: [] }))
      .thenNothing()
  })

  test.each([
    ['rescinded', rescinded()],
    ['a duplicate', markedDuplicate()],
  ])('of a ticket that is %s is refused', (_, event) => {
    given(...open, event)
      .when(correct(at))
      .thenRefused('ticket_is_over')
    given(...open, event)
      .when(correct(at, { fields: [] }))
      .thenRefused('ticket_is_over')
  })

  test('is the CSC’s', () => {
    given(...open)
      .when(correct(at, { actor: of('sa') }))
      .thenRefused('role_not_allowed')
  })
})

describe('the corrected person', () => {
  const before = {
    customer: { ...noCustomer, name: '王', phone: '13800000000', email: 'a@b' },
    vehicle: { ...noVehicle, vin: 'LSV' },
  }

  test('has the fields that are given, also empty ones, and keeps the others', () => {
    const changes = { customer: { phone: '139', email: null, fax: undefined }, vehicle: { mileageKm: 7 } }
    const after = correctedPerson(before, changes)
    expect(after).toEqual({
      customer: { ...before.customer, phone: '139', email: null },
      vehicle: { ...before.vehicle, mileageKm: 7 },
    })
    expect(changedFields(before, after)).toEqual(['customer.phone', 'customer.email', 'vehicle.mileageKm'])
  })

  test('who is as before has no changed fields', () => {
    expect(changedFields(before, correctedPerson(before, { customer: { name: '王' } }))).toEqual([])
    expect(changedFields(before, correctedPerson(before, {}))).toEqual([])
  })
})
