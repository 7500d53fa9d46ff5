/** A call of many items is entered whole or not at all, wherever it is interrupted (rulebook §16). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { openLog } from '../../../src/store/sqliteLog.ts'
import { checkLinks } from '../../../src/verify/checkLinks.ts'
import { at, one, type Scenario, scenarioOf, start, startScenario } from '../../support/scenario.ts'
import { type Answer, type Json, startTestService } from '../../support/service.ts'

const hq = one('hq_sales')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'complaints-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Of three dealers in turn. */
const itemsOf = (count: number, text: string): Json[] =>
  Array.from({ length: count }, (_, n) => ({
    month: '2026-02',
    dealerCode: `D00${(n % 3) + 1}`,
    survey: 'SSI',
    indicator: '价格',
    score: 6,
    text: `${n} ${text}`,
  }))

const send = (s: Scenario, items: Json[]): Promise<Answer> =>
  s.post(hq, 'voice/items', { items }, { 'idempotency-key': 'batch' })

const listed = async (s: Scenario): Promise<string[]> => {
  const texts: string[] = []
  for (let next = ''; ; ) {
    const { body } = await s.get(`voice/items?limit=200${next}`, hq)
    texts.push(...body.items.map(({ text }: Json) => text))
    if (body.nextCursor === null) return texts
    next = `&cursor=${body.nextCursor}`
  }
}

/** Commits of the log that still work; then the disk takes none. */
const withCommits = async (commits: number, items: Json[]): Promise<number> => {
  let left = Number.POSITIVE_INFINITY
  const beforeCommit = (): void => {
    left -= 1
    if (left < 0) throw new Error('no more commits')
  }
  const s = await startScenario({ dataDir: folder, store: { beforeCommit } })
  left = commits
  const { status } = await send(s, items)
  await s.service.close()
  return status
}

const pending = async (s: Scenario): Promise<string[]> => {
  const log = openLog(join(folder, 'events.db'), true)
  const problems: string[] = []
  await checkLinks({ log, store: s.service.deps.store }, (problem) => problems.push(problem))
  log.close()
  return problems
}

// one commit keeps and accepts the call, one enters each dealer's items, one ends it
it.each([0, 1, 2, 3, 4, 5])(
  'of %i commits before a crash',
  async (commits) => {
    const items = itemsOf(90, '等了两小时')
    expect(await withCommits(commits, items)).toBe(commits < 5 ? 500 : 201)
    const s = scenarioOf(await startTestService({ now: at(start), dataDir: folder }))
    const texts = items.map(({ text }) => text)
    // by itself, before it is sent again
    expect((await listed(s)).sort()).toEqual(commits === 0 ? [] : texts.toSorted())
    expect(await pending(s)).toEqual([])
    const again = await send(s, items)
    expect([again.status, again.headers['idempotent-replayed'] ?? 'false']).toEqual([
      201,
      commits === 0 ? 'false' : 'true',
    ])
    expect(again.body.items.map(({ text }: Json) => text)).toEqual(texts)
    expect((await listed(s)).sort()).toEqual(texts.toSorted())
    const other = await send(s, itemsOf(90, '另一句话'))
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
    await s.service.close()
  },
  60_000,
)

it('of which not all was kept enters nothing, and what was kept cannot be read any more', async () => {
  const items = itemsOf(900, '等'.repeat(250))
  expect(await withCommits(1, items)).toBe(500)
  const s = scenarioOf(await startTestService({ now: at(start), dataDir: folder }))
  expect(await listed(s)).toEqual([])
  expect(await pending(s)).toEqual([])
  const { store, sealing } = s.service.deps
  const kept = (await store.readAll(null, 10_000)).filter(({ type }) => type === 'VoiceBatchKept')
  expect(kept.map(({ data }) => sealing.open((data as { text: never }).text))).toEqual([null])
  expect((await send(s, items)).status).toBe(201)
  expect(await listed(s)).toHaveLength(900)
  await s.service.close()
}, 60_000)
