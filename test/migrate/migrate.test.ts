import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { StoredEvent } from '../../domain/eventStore.ts'
import { loadMasterKey } from '../../src/keys/masterKey.ts'
import { openSqliteKeys } from '../../src/keys/sqliteKeys.ts'
import { migrate } from '../../src/migrate/migrate.ts'
import { isInternal } from '../../src/nodes/internalStreams.ts'
import { readEsdbAddress } from '../../src/store/esdb/address.ts'
import { openEsdbStore } from '../../src/store/esdb/store.ts'
import { openSqliteStore } from '../../src/store/sqliteStore.ts'
import { type S3Server, startS3 } from '../attachments/s3Server.ts'
import { formOf, samples } from '../attachments/samples.ts'
import { runHere } from '../endToEnd/runHere.ts'
import { killedWhen, runToEnd } from '../endToEnd/serviceProcess.ts'
import { someEvents } from '../store/events.ts'
import { temporaryFolder } from '../store/folder.ts'
import { describeOnRealServer, onItsOwn, realServer } from '../support/eventStoreDb.ts'
import { admin, csr, sa, scenarioOf } from '../support/scenario.ts'
import { startTestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

const prefix = 'complaint-tickets.'
const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/quarter/${name}`, import.meta.url), 'utf8')

/** The worked quarter on the embedded engine, in a folder. */
const fill = async (dataDir: string): Promise<void> => {
  const service = await startTestService({ dataDir })
  const master = JSON.parse(fixture('master.json'))
  for (const [code, body] of Object.entries(master.rbos))
    await service.call(admin, 'PUT', `/v1/rbos/${code}`, { body })
  for (const [code, body] of Object.entries(master.dealers))
    await service.call(admin, 'PUT', `/v1/dealers/${code}`, { body })
  const headers = { 'content-type': 'application/x-ndjson' }
  const { body } = await service.call(admin, 'POST', '/v1/imports', {
    body: fixture('history.ndjson'),
    headers,
  })
  expect(body.rejected).toEqual([])
  await service.close()
}

const wholeLog = async (dataDir: string): Promise<StoredEvent[]> => {
  const store = openSqliteStore(join(dataDir, 'events.db'), { readonly: true })
  const events = await store.readAll(null, 100_000)
  await store.close()
  return events
}

const script = 'src/cli/migrate.ts'
const to = (address: string): string[] => ['--from', 'sqlite', '--to', address]

describe('migrate', () => {
  let filled: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    filled = await temporaryFolder()
    await fill(filled.dir)
  })
  afterAll(() => filled.remove())

  let standIn: StandIn
  let dir: string
  let remove: () => Promise<void>
  beforeEach(async () => {
    standIn = await startStandIn()
    ;({ dir, remove } = await temporaryFolder())
    cpSync(filled.dir, dir, { recursive: true })
  })
  afterEach(async () => {
    await standIn.stop()
    await remove()
  })

  const killedAfter = (events: number) =>
    killedWhen(
      script,
      { DATA_DIR: dir },
      { args: to(standIn.address), enough: () => standIn.log.length >= events },
    )
  const run = () => runHere(script, { DATA_DIR: dir }, to(standIn.address))
  const copied = () =>
    standIn.log.filter(({ stream }) => !isInternal({ stream: stream.slice(prefix.length) }))

  /** Ids in order, and all that was written, as the target has it. */
  const expectWhole = async (): Promise<void> => {
    const events = await wholeLog(dir)
    expect(copied().map(({ id }) => id)).toEqual(events.map(({ id }) => id))
    expect(copied().map(({ stream, revision }) => [stream, revision + 1])).toEqual(
      events.map(({ stream, version }) => [prefix + stream, version]),
    )
    for (const [index, { data, metadata }] of copied().entries()) {
      expect(JSON.parse(Buffer.from(data).toString())).toEqual(events[index]?.data)
      expect(JSON.parse(Buffer.from(metadata).toString())).toEqual(events[index]?.metadata)
    }
  }

  test('copies every event with its id, times and metadata, in the order of the log, and says the rate', async () => {
    const { code, output } = await runToEnd(script, { DATA_DIR: dir }, to(standIn.address))
    expect([code, output]).toEqual([
      0,
      expect.stringContaining('the same by stream, count, digest and order'),
    ])
    expect(output).toMatch(/events +100 %, [\d,]+ of [\d,]+ events, [\d,]+\/s/)
    await expectWhole()
  })

  test('keeps the digest of every event: a node computes on the target what the source had', async () => {
    await run()
    const source = openSqliteStore(join(dir, 'events.db'), { readonly: true })
    const last = source.digestUpTo(null)
    const half = source.digestUpTo(String(Math.floor((last?.events ?? 0) / 2)))
    await source.close()
    const node = await startTestService({ dataDir: dir, eventStore: standIn.address })
    try {
      const events = await node.deps.store.readAll(null, 100_000)
      for (const kept of [half, last]) {
        const { position } = events[(kept?.events ?? 0) - 1] as StoredEvent
        expect(node.deps.digestUpTo(position)).toEqual({ ...kept, position })
      }
    } finally {
      await node.close()
    }
  })

  test('puts every customer’s key before the first event that needs it', async () => {
    await run()
    const [first] = copied()
    const keys = standIn.log.filter(({ type }) => type === 'SubjectKeyMade')
    expect(keys.length).toBeGreaterThan(100)
    expect(Math.max(...keys.map(({ position }) => position))).toBeLessThan(first?.position as number)
  })

  test.each([300, 700])(
    'killed after %i events goes on where it was, and nothing is there twice',
    async (enough) => {
      await killedAfter(enough)
      const { code, output } = await run()
      expect([code, output]).toEqual([0, expect.stringContaining('the same by stream')])
      await expectWhole()
    },
  )

  test('goes on by itself where the connection is lost on the way, in the same order', async () => {
    for (let fault = 0; fault < 4; fault += 1) {
      standIn.fates.push(...Array.from({ length: 300 }, () => ({ written: true })))
      standIn.fates.push({ written: fault % 2 === 0, answerAfterMs: null, breaks: status.UNAVAILABLE })
    }
    const { code, output } = await run()
    expect([code, output]).toEqual([0, expect.stringContaining('the same by stream')])
    await expectWhole()
  }, 120_000)

  test('refuses a target that holds other data, and one that holds this log already', async () => {
    const store = openEsdbStore({ address: readEsdbAddress(standIn.address) })
    await store.append('ticket-1', 0, someEvents())
    const { code, output } = await run()
    expect([code, output]).toEqual([2, expect.stringContaining('already holds other data')])
    expect(standIn.log).toHaveLength(1)
    standIn.log.length = 0
    expect((await run()).code).toBe(0)
    const again = await run()
    expect([again.code, again.output]).toEqual([2, expect.stringContaining('is on the target already')])
    await store.close()
  })

  test('refuses a new target whose prefix does not end with a dot, and goes on with one begun under it', async () => {
    const nested = `${standIn.address}&streamPrefix=brand-b`
    const refusal = await runHere(script, { DATA_DIR: dir }, to(nested))
    expect([refusal.code, refusal.output]).toEqual([
      2,
      '--to must give a streamPrefix that ends with a dot, like streamPrefix=complaint-tickets.east. for a new log.\n',
    ])
    expect(standIn.log).toEqual([])
    const store = openEsdbStore({ address: readEsdbAddress(nested) })
    await store.append('migration', 0, someEvents([{ source: 'another' }]))
    await store.close()
    const begun = await runHere(script, { DATA_DIR: dir }, to(nested))
    expect([begun.code, begun.output]).toEqual([2, expect.stringContaining('log of another data folder')])
  })

  test('leaves a target that no service starts on until it is whole', async () => {
    await killedAfter(600)
    const { code, output } = await runToEnd('src/main.ts', {
      DATA_DIR: join(dir, 'node'),
      EVENT_STORE: standIn.address,
      PORT: '0',
      METRICS_PORT: '0',
    })
    expect([code, output]).toEqual([1, expect.stringContaining('a migration that is not done')])
  })

  test('finds an event that is not what it was', async () => {
    const masterKey = loadMasterKey(dir, undefined)
    const keys = openSqliteKeys(join(dir, 'keys.db'), masterKey, { readonly: true })
    const source = openSqliteStore(join(dir, 'events.db'), { readonly: true })
    const target = openEsdbStore({ address: readEsdbAddress(standIn.address), times: { budget: 0 } })
    const { wrong } = await migrate({
      source,
      keys,
      target,
      onProgress: (part, _done, isEnd) => {
        if (part !== 'events' || !isEnd) return
        const event = copied().at(-1)
        if (event !== undefined) event.data = Buffer.from('{"n":"another"}')
      },
    })
    expect(wrong).toEqual([expect.stringMatching(/^Stream .+ has other events than the source\.$/)])
    await target.close()
    await source.close()
    keys.close()
  })

  describe('of attachments', () => {
    let s3: S3Server
    let kept: { path: string; content: Buffer }[]
    let removed: string
    beforeEach(async () => {
      s3 = await startS3()
      const service = await startTestService({ dataDir: dir })
      const { register, does, post } = scenarioOf(service)
      const ticketNo = await register()
      const asked = { channel: 'phone', topic: 'price', question: '有优惠吗', customer: { name: '王' } }
      const { inquiryNo } = (await post(csr, 'inquiries', asked)).body
      const attach = async (to: string, content: Buffer) => {
        const { body, headers } = formOf(content)
        const answer = await service.call(csr, 'POST', `/v1/${to}/attachments`, { body, headers })
        expect([answer.status, answer.text]).toEqual([201, answer.text])
        return { path: `/v1/${to}/attachments/${answer.body.attachmentId}`, content }
      }
      const large = Buffer.concat([samples['application/pdf'], Buffer.alloc(300_000, 'x')])
      kept = [
        await attach(`tickets/${ticketNo}`, large),
        await attach(`tickets/${ticketNo}`, samples['image/png']),
        await attach(`inquiries/${inquiryNo}`, samples['text/plain']),
      ]
      removed = (await attach(`tickets/${ticketNo}`, samples['image/png'])).path
      await does(ticketNo, `attachments/${removed.split('/').at(-1)}/remove`, { reason: '重复' }, sa)
      await service.close()
    })
    afterEach(() => s3.close())

    const runWith = (variables: Record<string, string>) =>
      runHere(script, { DATA_DIR: dir, ...variables }, to(standIn.address))

    test('puts them into the bucket, where a node finds them', async () => {
      const { code, output } = await runWith(s3.variables)
      expect([code, output]).toEqual([0, expect.stringContaining('3 attachments are in the bucket')])
      // the folder keeps them, so that the embedded service could go on
      expect(readdirSync(join(dir, 'attachments'), { recursive: true }).join()).toContain(
        kept[0]!.path.split('/').at(-1),
      )
      const node = await startTestService({
        dataDir: join(dir, 'node'),
        eventStore: standIn.address,
        variables: { ...s3.variables, MASTER_KEY: readFileSync(join(dir, 'master.key'), 'utf8').trim() },
      })
      try {
        for (const { path, content } of kept) {
          const { status, bytes } = await node.call(csr, 'GET', path)
          expect([status, bytes.equals(content)]).toEqual([200, true])
        }
        expect((await node.call(csr, 'GET', removed)).status).toBe(404)
      } finally {
        await node.close()
      }
    })

    test('goes on where the bucket was away, and the log is no service’s before', async () => {
      const away = await runWith({ ...s3.variables, ATTACHMENTS: 'http://127.0.0.1:9/bucket' })
      expect([away.code, away.output]).toEqual([2, expect.stringMatching(/attachments|S3|bucket/i)])
      const early = await runToEnd('src/main.ts', {
        ...{ DATA_DIR: join(dir, 'node'), EVENT_STORE: standIn.address, PORT: '0', METRICS_PORT: '0' },
      })
      expect([early.code, early.output]).toEqual([1, expect.stringContaining('a migration that is not done')])
      const again = await runWith(s3.variables)
      expect([again.code, again.output]).toEqual([
        0,
        expect.stringContaining('3 attachments are in the bucket'),
      ])
      await expectWhole()
    })

    test('that stayed in the folder are moved later, when a bucket is named', async () => {
      const stayed = await runWith({})
      expect([stayed.code, stayed.output]).toEqual([0, expect.stringContaining('run this again')])
      const later = await runWith(s3.variables)
      expect([later.code, later.output]).toEqual([
        0,
        expect.stringContaining('3 attachments are in the bucket'),
      ])
    })
  })

  test('says how it is called', async () => {
    const { code, output } = await runHere(script, { DATA_DIR: dir }, ['--from', 'sqlite'])
    expect([code, output]).toEqual([
      2,
      expect.stringContaining('npm run migrate -- --from sqlite --to esdb://'),
    ])
  })
})

describeOnRealServer('migrate to a real EventStoreDB', () => {
  test('gives a service that answers as the one before', async () => {
    const server = await realServer()
    const { dir, remove } = await temporaryFolder()
    await fill(dir)
    const eventStore = onItsOwn(server.address)
    const ended = await runToEnd(script, { DATA_DIR: dir }, to(eventStore))
    expect([ended.code, ended.output]).toEqual([0, expect.stringContaining('the same by stream')])
    const answers = []
    for (const engine of ['sqlite', eventStore]) {
      const service = await startTestService({ dataDir: dir, eventStore: engine })
      const asked = [
        '/v1/tickets?limit=200',
        '/v1/warnings?limit=200',
        '/v1/reports/kpi?quarter=2026Q1&by=dealer&asOf=2026-06-30T00:00:00Z',
        '/v1/assessments/2026Q1?asOf=2026-06-30T00:00:00Z',
      ]
      const bodies = []
      for (const path of asked) bodies.push((await service.call(sa, 'GET', path)).body)
      answers.push(bodies)
      await service.close()
    }
    expect(answers[1]).toEqual(answers[0])
    await remove()
    await server.stop()
  })
})
