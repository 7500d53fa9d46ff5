import { afterEach, describe, expect, test } from '@jest/globals'
import { fakeSealing } from '../support/fakeSealing.ts'
import { randomHistory } from '../support/history/randomHistory.ts'
import { closedRows, newFile, open, removeFiles, rowsIn, viewsOf } from './support.ts'

afterEach(removeFiles)

const { sealing } = fakeSealing()
const { events, tickets } = randomHistory({ seed: 9, acts: 900, sealing })
const list = [...tickets.values()]

const keysOf = (ticket: (typeof list)[number]) => {
  const { customer, vehicle } = sealing.open(ticket.customer) as {
    customer: { customerId: string | null; phone: string }
    vehicle: { vin: string | null }
  }
  return { customerId: customer.customerId, phone: customer.phone, vin: vehicle.vin }
}
const phoneHash = (phone: string) => sealing.lookupHash('phone', phone)
const idHash = (customerId: string) => sealing.lookupHash('customerId', customerId)

describe('the tickets of a customer', () => {
  test('are those of whom any key is the same, in order of registration, as they are now', () => {
    const { views } = viewsOf(events)
    for (const ticket of list) {
      const { phone, vin } = keysOf(ticket)
      const hashes = [
        phoneHash(phone),
        ...(vin === null ? [] : [sealing.lookupHash('vin', vin.toUpperCase())]),
      ]
      const wanted = list.filter((each) => {
        const keys = keysOf(each)
        return keys.phone === phone || (vin !== null && keys.vin === vin)
      })
      expect(views.customers.ticketsOf(hashes)).toEqual(
        wanted.map((each) => ({
          ticketNo: each.ticketNo,
          category: each.category,
          state: each.state,
          ordinal: each.ordinal,
          dealer: each.dealer,
          registeredAt: each.registeredAt,
          closedAt: each.closedAt,
          repeatWindowEndsAt: each.closing?.repeatWindowEndsAt ?? null,
          escalatedTo: each.escalatedTo,
          duplicateOf: each.duplicateOf,
          lastAt: each.lastAt,
        })),
      )
    }
    expect(views.customers.ticketsOf([])).toEqual([])
    expect(views.customers.ticketsOf([phoneHash('nobody')])).toEqual([])
    expect(views.customers.known('nobody')).toBeNull()
    expect(views.customers.known(list[0]!.ticketNo)?.lastAt).toBe(list[0]!.lastAt)
    views.close()
  })

  test('have the subject of the newest registration with the customer number, else with the phone', () => {
    const { views } = viewsOf(events)
    const newestWith = (matches: (keys: ReturnType<typeof keysOf>) => boolean) =>
      list.findLast((ticket) => matches(keysOf(ticket)))?.subjectId ?? null
    for (const { customerId, phone } of list.map(keysOf)) {
      const byPhone = newestWith((keys) => keys.phone === phone)
      expect(views.customers.subjectOf(null, phoneHash(phone))).toBe(byPhone)
      expect(views.customers.subjectOf(idHash('nobody'), phoneHash(phone))).toBe(byPhone)
      if (customerId === null) continue
      const byId = newestWith((keys) => keys.customerId === customerId)
      expect(views.customers.subjectOf(idHash(customerId), phoneHash('nobody'))).toBe(byId)
      expect(views.customers.subjectOf(idHash(customerId), phoneHash(phone))).toBe(byId)
    }
    expect(views.customers.subjectOf(null, null)).toBeNull()
    views.close()
  })
})

describe('an erased subject', () => {
  test('is found by nothing any more, and the views are as if rebuilt without its key', () => {
    const fake = fakeSealing()
    const { views, file } = viewsOf(events, { sealing: fake.sealing })
    const { subjectId, ticketNo } = list[3]!
    const { phone } = keysOf(list[3]!)
    fake.erase(subjectId)
    views.customers.forget(subjectId)
    views.subjects.forget(subjectId)
    const found = views.customers.ticketsOf([phoneHash(phone)]).map((each) => each.ticketNo)
    expect(found).not.toContain(ticketNo)
    const rebuilt = newFile()
    const again = open(rebuilt, { sealing: fake.sealing })
    again.apply(events)
    again.close()
    expect(closedRows({ views, file })).toEqual(rowsIn(rebuilt))
  })
})
