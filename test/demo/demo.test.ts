import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { pino } from 'pino'
import type { ImportResult } from '../../api/commands/imports/run.ts'
import { readConfig } from '../../src/config.ts'
import { admin, type Client, createClient, sa } from '../../src/demo/client.ts'
import { asNdjson, history } from '../../src/demo/history.ts'
import { takeComplaints } from '../../src/demo/live.ts'
import { createNetwork } from '../../src/demo/network.ts'
import { enterNetwork, replay } from '../../src/demo/replay.ts'
import { ratesByRbo, worstDealers } from '../../src/demo/results.ts'
import { actOnce } from '../../src/demo/trickle.ts'
import { loadDevelopmentKey } from '../../src/devKey.ts'
import { type Service, startService } from '../../src/service.ts'

/** By a fixed clock, for the working days of later years are not known. */
const now = '2026-11-18T02:00:00.000Z'

describe('the demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'))
  const network = createNetwork('2026Q1')
  const lines = [...history({ complaints: 600 })]
  let clock = Date.parse(now)
  let service: Service
  let client: Client

  beforeAll(async () => {
    const config = readConfig({ DATA_DIR: folder, PORT: '0', METRICS_PORT: '0', RATE_LIMIT_PER_MINUTE: '0' })
    const tick = (): string => new Date(clock++).toISOString()
    service = await startService(config, { log: pino({ level: 'silent' }), now: tick, checkAnswers: true })
    await service.ready
    client = createClient(service.url, loadDevelopmentKey(folder))
    await enterNetwork(client, network, ['2026Q1'])
  })
  afterAll(async () => {
    await service.close()
    rmSync(folder, { recursive: true })
  })

  test('has not one line refused', async () => {
    const seen: number[] = []
    await replay(client, lines, (done) => seen.push(done))
    expect(seen.at(-1)).toBe(lines.length)
  })

  test('changes nothing when it is replayed', async () => {
    const body = [...asNdjson(lines)].join('')
    const result = await client.call<ImportResult>(admin, 'POST', '/v1/imports', body)
    expect(result).toEqual({
      lines: lines.length,
      applied: 0,
      unchanged: lines.length,
      rejectedCount: 0,
      rejected: [],
    })
  })

  test('has converted, escalated and third complaints among its tickets', async () => {
    const some = async (filters: string): Promise<number> =>
      (await client.call<{ items: unknown[] }>(sa, 'GET', `/v1/tickets?limit=1&${filters}`)).items.length
    for (const filters of [
      'category=C4',
      'ordinal=2',
      'ordinal=3',
      'state=rescinded',
      'state=duplicate',
      'state=open',
    ])
      expect([filters, await some(filters)]).toEqual([filters, 1])
  })

  test('says which import line was refused, and why', async () => {
    const bad = {
      ...lines[0]!,
      ref: 'another',
      data: { ...lines[0]!.data, dealerCode: 'D999' },
    } as (typeof lines)[0]
    await expect(replay(client, [bad], () => {})).rejects.toThrow(
      /refused 1 of 1 lines, .* unknown_dealer: There is no dealer D999/,
    )
  })

  test('takes complaints in live: a new one, a warning, an escalation', async () => {
    const scenes = await takeComplaints(client, network)
    const said = scenes.map(({ sentences }) => sentences.join(' '))
    expect(said[0]).toMatch(
      /^T261118-\w{8}, complaint no\. 1 .* \(dealer D\d{3}\): answer by 11-18 12:00, close before 11-24 00:00/,
    )
    expect(said[1]).toMatch(/second raises the early warning W1 to 华东大区 \(rbo EAST\)/)
    expect(said[2]).toMatch(/complaint no\. 2 .* goes to 新疆大区 \(rbo XINJIANG\)/)
  })

  test('goes on by acts that are all done', async () => {
    for (let count = 0; count < 25; count++) await actOnce(client, network, { count, now: clock })
  })

  test('sets its results as tables', async () => {
    expect((await ratesByRbo(client, '2026Q1')).split('\n')).toEqual([
      'region    tickets  answered  closed  first time',
      expect.stringMatching(/^─+/),
      ...['华东大区', '华北大区', '新疆大区'].map((name) =>
        expect.stringMatching(new RegExp(`^${name}  +\\d+ .*\\.\\d\\d$`)),
      ),
    ])
    expect((await worstDealers(client, '2026Q1', 10)).split('\n')).toHaveLength(12)
  })
})
