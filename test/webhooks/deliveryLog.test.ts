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

  test('begins again where its file is damaged', () => {
    writeFileSync(file, 'this is no database, whatever it is called. '.repeat(100))
    const log = openDeliveryLog(file, never)
    log.put('w', row(1))
    expect(log.find('w', 1)).toMatchObject({ sequence: 1 })
    log.close()
  })
})
