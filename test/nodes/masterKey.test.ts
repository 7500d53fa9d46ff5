/** Changing the master key of a log on EventStoreDB, with nodes before and after it. */
import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { rotateLog } from '../../src/keys/rotateLog.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { type EsdbStore, openEsdbStore } from '../../src/store/esdb/store.ts'
import { enterNetwork } from '../support/network.ts'
import { csr, type Scenario, sa, scenarioOf } from '../support/scenario.ts'
import { startTestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

const keyText = (): string => randomBytes(32).toString('base64')
const keyOf = (text: string) => createSecretKey(Buffer.from(text, 'base64'))
const [old, fresh] = [keyText(), keyText()]
const rotation = { from: keyOf(old), to: keyOf(fresh) }
const start = '2026-03-02T02:00:00.000Z'
const phone = '13911112222'

let standIn: StandIn
let store: EsdbStore
let folder: string
beforeEach(async () => {
  standIn = await startStandIn()
  store = openEsdbStore({ address: readEsdbAddress(standIn.address) })
  folder = mkdtempSync(join(tmpdir(), 'complaints-'))
})
afterEach(async () => {
  await store.close()
  await standIn.stop()
  rmSync(folder, { recursive: true, force: true })
})

const withNode = async (
  masterKey: string,
  work: (s: Scenario) => Promise<void>,
  dataDir = folder,
): Promise<void> => {
  const service = await startTestService({
    eventStore: standIn.address,
    dataDir,
    now: start,
    variables: { MASTER_KEY: masterKey },
  })
  try {
    await work(scenarioOf(service))
  } finally {
    await service.close()
  }
}

test('the old key is right until all is done, and then the new one, on old nodes and new ones', async () => {
  let ticketNo = ''
  let erased = ''
  let cursor = ''
  await withNode(old, async (s) => {
    await enterNetwork(s.service)
    ticketNo = await s.register({ customer: { name: '赵一', phone }, content: '投诉甲' })
    erased = await s.register({ customer: { name: '钱二', phone: '13911113333' } })
    await s.respond(erased)
    await s.close(erased)
    const { subjectId } = (await s.ticket(erased)).customer
    expect((await s.post(sa, `privacy/subjects/${subjectId}/erase`, { reason: '客户要求' })).status).toBe(200)
    cursor = (await s.get('tickets?limit=1')).body.nextCursor
    expect(cursor).toEqual(expect.any(String))
  })
  // one that dies on its way leaves the old key right
  let appends = 0
  const dying = {
    ...store,
    append: (async (...wanted) => {
      appends += 1
      if (appends === 2) throw new Error('killed')
      return store.append(...wanted)
    }) as EsdbStore['append'],
  }
  await expect(rotateLog(dying, rotation, () => {})).rejects.toThrow('killed')
  await withNode(old, async (s) => {
    expect((await s.ticket(ticketNo)).customer.name).toBe('赵一')
    await s.register({ customer: { name: '孙三', phone: '13911114444' } })
  })

  const count = await rotateLog(store, rotation, () => {})
  // those of 赵一, 孙三 and the service's own
  expect(count).toBeGreaterThanOrEqual(2)
  expect(await rotateLog(store, rotation, () => {})).toBeNull()
  await expect(withNode(old, async () => {})).rejects.toThrow('another master key')
  await expect(rotateLog(store, { from: keyOf(old), to: keyOf(keyText()) }, () => {})).rejects.toThrow(
    'neither',
  )

  const empty = mkdtempSync(join(tmpdir(), 'complaints-'))
  try {
    for (const dataDir of [folder, empty])
      await withNode(
        fresh,
        async (s) => {
          expect((await s.ticket(ticketNo)).customer.name).toBe('赵一')
          expect((await s.ticket(ticketNo)).content).toBe('投诉甲')
          expect((await s.ticket(erased)).customer.name).toBeNull()
          // found by the same lookup hashes, and a cursor of before is good
          const { items } = (await s.post(csr, 'tickets/search', { phone })).body
          expect(items).toMatchObject([{ ticketNo }])
          expect((await s.get(`tickets?limit=1&cursor=${cursor}`)).status).toBe(200)
          const again = await s.take({ customer: { name: '赵一', phone }, sameProblemAs: 'auto' })
          expect(again.ticketNo).toBe(ticketNo)
          await s.register({
            customer: { name: '李四', phone: `1391111${dataDir === folder ? 5555 : 6666}` },
          })
        },
        dataDir,
      )
  } finally {
    rmSync(empty, { recursive: true, force: true })
  }
}, 60_000)

test('a node that runs on over the change takes no new customer', async () => {
  await withNode(old, async (s) => {
    await enterNetwork(s.service)
    const ticketNo = await s.register({ customer: { name: '赵一', phone } })
    await rotateLog(store, rotation, () => {})
    let status = 201
    for (let tries = 0; tries < 100 && status === 201; tries++) {
      const body = s.complaint({
        customer: { name: '钱二', phone: `1391112${String(tries).padStart(4, '0')}` },
      })
      status = (await s.post(csr, 'complaints', body)).status
    }
    expect(status).toBe(503)
    expect((await s.ticket(ticketNo)).customer.name).toBe('赵一')
  })
}, 60_000)
