import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { DeliveryRow } from '../../api/webhooks/port.ts'
import { openDeliveryLog } from '../../src/webhooks/deliveryLog.ts'
import { temporaryFolder } from '../store/folder.ts'

let file: string
let remove: () => Promise<void>
beforeEach(async () => {
  const folder = await temporaryFolder()
  file = join(folder.dir, 'webhooks.db')
  remove = folder.remove
})
afterEach(() => remove())

const at = '2026-03-02T02:00:00.000Z'
const row = (sequence: number, more: Partial<DeliveryRow> = {}): DeliveryRow => ({
  ...{
    sequence,
    eventId: `e-${sequence}`,
    name: 'ticket.closed',
    ticketNo: 'T1',
    stream: 'ticket-T1',
    version: 1,
  },
  ...{ at, status: 'delivered', attempts: 1, firstAttemptAt: at, lastAttemptAt: at, nextAttemptAt: null },
  ...{ httpStatus: 200, fault: null, durationMs: 3, answer: '' },
  ...more,
})
const all = { status: null, limit: 10, after: null }
const never = (error: unknown): never => {
  throw error
}

describe('the log of deliveries', () => {
  test('forgets what was attempted last more than 30 days ago, and nothing that is pending', () => {
    const log = openDeliveryLog(file, never)
    log.put('w', row(1))
    log.put('w', row(2, { lastAttemptAt: '2026-03-20T02:00:00.000Z' }))
    log.put('w', row(3, { status: 'pending' }))
    log.removeOld(Date.parse('2026-04-02T02:00:00.000Z'))
    expect(log.page('w', all).map(({ sequence }) => sequence)).toEqual([3, 2])
    log.close()
  })

  test('takes over what is pending from elsewhere, and keeps what it knows of the last attempts', () => {
    const log = openDeliveryLog(file, never)
    log.put('w', row(1, { status: 'pending', httpStatus: 500 }))
    log.put('w', row(2, { status: 'pending' }))
    log.put('w', row(4))
    const elsewhere = { status: 'pending', httpStatus: null, lastAttemptAt: null } as const
    log.setAll('w', 'pending', [row(1, elsewhere), row(3, elsewhere)])
    expect(log.page('w', all).map(({ sequence, httpStatus }) => [sequence, httpStatus])).toEqual([
      [4, 200],
      [3, null],
      [1, 500],
    ])
    log.forget('w')
    expect(log.page('w', all)).toEqual([])
    log.close()
  })

  test('gives every field back as it was, and the pages of each status', () => {
    const log = openDeliveryLog(file, never)
    const rows = [
      row(1, { status: 'parked', ticketNo: null, httpStatus: null, fault: 'timed_out', answer: null }),
      row(2, { answer: '好 "' }),
      row(3, { status: 'pending', nextAttemptAt: at, durationMs: null }),
      row(4),
    ]
    for (const each of rows) log.put('w', each)
    log.put('v', row(5))
    expect(log.page('w', all)).toEqual(rows.toReversed())
    const sequences = (status: DeliveryRow['status'], more: object = {}): number[] =>
      log.page('w', { ...all, status, ...more }).map(({ sequence }) => sequence)
    expect([sequences('delivered'), sequences('pending'), sequences('parked')]).toEqual([[4, 2], [3], [1]])
    expect([sequences('delivered', { after: 4 }), sequences('delivered', { limit: 1 })]).toEqual([[2], [4]])
    // a delivery that succeeded at last is in no other list
    log.put('w', row(3))
    expect([sequences('delivered'), sequences('pending')]).toEqual([[4, 3, 2], []])
    log.close()
  })

  test('begins again where its file is damaged', () => {
    writeFileSync(file, 'this is no database, whatever it is called. '.repeat(100))
    const log = openDeliveryLog(file, never)
    log.put('w', row(1))
    expect(log.find('w', 1)).toMatchObject({ sequence: 1 })
    log.close()
  })
})
