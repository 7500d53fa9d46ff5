import { afterEach, expect, test } from '@jest/globals'
import { customerHashes, givenHashes } from '../../domain/customerKeys.ts'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { defaultPolicy } from '../../domain/policy.ts'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { removeFiles, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()

/** A history whose first registrations were stored before keys and external numbers were cleaned. */
const asStoredBefore = (people: { phone: string; customerId: string | null; externalNo: string }[]) => {
  // an older log has no corrections and erasures
  const events = randomHistory({ seed: 5, acts: 200, sealing }).events.filter(
    ({ type }) => type !== 'TicketCorrected' && type !== 'SubjectErased',
  )
  const registrations = events.filter(({ type }) => type === 'TicketRegistered').slice(0, people.length)
  const older = new Map(
    registrations.map((event, index) => {
      const { phone, customerId, externalNo } = people[index]!
      const data = event.data as { subjectId: string }
      const customer = sealing.seal(data.subjectId, { customer: { phone, customerId }, vehicle: {} })
      return [event.id, { ...event, data: { ...data, externalNo, customer } } as StoredEvent]
    }),
  )
  return {
    events: events.map((event) => older.get(event.id) ?? event),
    numbers: registrations.map(({ data }) => (data as { ticketNo: string }).ticketNo),
  }
}

test('an older log is found by the keys of today: what hid a repeat no longer does, placeholders join nobody', () => {
  const { events, numbers } = asStoredBefore([
    { phone: '86139\u200b 7777 0001', customerId: '无', externalNo: ' X\u200b-1 ' },
    { phone: '+86 13977770001转8', customerId: '无', externalNo: 'Ｘ－2' },
    { phone: '000', customerId: 'N/A', externalNo: 'X,3' },
  ])
  const { views } = viewsOf(events, { sealing })
  const found = (phone: string | null, customerId: string | null = null) =>
    views.customers
      .ticketsOf(
        givenHashes(customerHashes(sealing, { customer: { phone, customerId } }, defaultPolicy.placeholders)),
      )
      .map(({ ticketNo }) => ticketNo)
  expect(found('13977770001')).toEqual(numbers.slice(0, 2))
  expect(found('000', 'N/A')).toEqual([])
  expect(found(null, '无')).toEqual([])
  expect(['X-1', 'X-2', 'X,3', 'X\u2060,3'].map((each) => views.tickets.numberOf(each))).toEqual([
    ...numbers,
    numbers[2],
  ])
  views.close()
})
