/** The customer-voice desk on two nodes: of two acts that exclude each other one is done, and nothing is booked twice. */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { VoiceDataOf } from '../../domain/voice/events.ts'
import { deskOf } from '../api/voice/desk.ts'
import { startNodesAt } from '../support/nodesInProcess.ts'
import { at, dealer, one, type Scenario, scenarioOf } from '../support/scenario.ts'
import type { Answer, TestService } from '../support/service.ts'
import { type StandIn, startStandIn } from '../support/wire/standIn.ts'

/** A real EventStoreDB where one is named, else the stand-in for it. */
const server = process.env.ESDB_URL ?? ''
const hq = one('hq_sales')
const sheetId = 'D001.2026-02'

let standIn: StandIn | undefined
let nodes: [TestService, TestService]
let folders: string[]
let both: [Scenario, Scenario]
beforeEach(async () => {
  standIn = server === '' ? await startStandIn() : undefined
  ;({ nodes, folders } = await startNodesAt(standIn?.address ?? server))
  both = [scenarioOf(nodes[0]), scenarioOf(nodes[1])]
  await Promise.all(nodes.map((node) => node.lookForDues()))
  await deskOf(both[0]).enter('D001', '2026-02', ['价格', '交车过程'])
  await settled()
}, 60_000)
afterEach(async () => {
  for (const node of nodes) await node.close()
  await standIn?.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const settled = async (): Promise<void> => {
  const head = await nodes[0].deps.store.head()
  for (const node of nodes) if (head !== null) await node.deps.views.reached(head, 10_000)
}
const go = (wallClock: string): void => {
  for (const node of nodes) node.setClock(at(wallClock))
}
const logged = async (...types: string[]): Promise<unknown[]> =>
  (await nodes[0].deps.store.readAll(null, 10_000))
    .filter(({ type }) => types.includes(type))
    .map(({ data }) => data)

/** Both nodes, several times each, at once. */
const everywhere = (act: (s: Scenario) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all([0, 1, 0, 1].map((node) => act(both[node] as Scenario)))
const outcomes = (answers: Answer[]): (string | number)[] =>
  answers.map(({ status, body }) => (status < 300 ? status : body.code)).sort()

test('of sheets of one dealer and month sent at once one is sent', async () => {
  const answers = await everywhere((s) =>
    s.post(hq, 'voice/sheets', { dealerCode: 'D001', month: '2026-02' }),
  )
  expect(outcomes(answers)).toEqual([201, ...Array(3).fill('voice_sheet_exists')])
  expect(await logged('VoiceSheetSent')).toHaveLength(1)
}, 60_000)

test('an item entered beside the sending is on the sheet, or refused', async () => {
  const desk = deskOf(both[1])
  const [sent, ...entered] = await Promise.all([
    both[0].post(hq, 'voice/sheets', { dealerCode: 'D001', month: '2026-02' }),
    ...[1, 2, 3].map(() => both[1].post(hq, 'voice/items', desk.item('D001', '2026-02', '价格'))),
  ])
  expect(sent?.status).toBe(201)
  for (const { status, body } of entered)
    expect([status, body.code]).toEqual(status === 201 ? [201, undefined] : [409, 'voice_sheet_already_sent'])
  const [{ itemIds }] = (await logged('VoiceSheetSent')) as [VoiceDataOf<'VoiceSheetSent'>]
  expect(itemIds).toHaveLength(2 + entered.filter(({ status }) => status === 201).length)
}, 60_000)

test('the same external number entered at once is one item', async () => {
  const item = deskOf(both[0]).item('D002', '2026-02', '价格', { externalNo: 'V-1' })
  const answers = await everywhere((s) => s.post(hq, 'voice/items', item))
  expect(outcomes(answers)).toEqual([201, 201, 201, 201])
  expect(new Set(answers.map(({ body }) => body.itemId))).toEqual(new Set(['D002.2026-02.1']))
  const other = await both[1].post(hq, 'voice/items', { ...item, text: '另一句话' })
  expect([other.status, other.body.code]).toEqual([409, 'voice_external_no_taken'])
}, 60_000)

test('of two acts at once on one sheet one is done', async () => {
  await both[0].post(hq, 'voice/sheets', { dealerCode: 'D001', month: '2026-02' })
  await settled()
  const ids = [`${sheetId}.1`, `${sheetId}.2`]
  const meeting = deskOf(both[0]).meeting(ids, '2026-03-02 10:00', '2026-03-20')
  const met = await everywhere((s) => s.post(dealer(), `voice/sheets/${sheetId}/meeting`, meeting))
  expect(outcomes(met)).toEqual([200, ...Array(3).fill('voice_wrong_status')])
  await both[1].post(dealer(), `voice/sheets/${sheetId}/return`, { signedBy: '张总' })
  const audits = await Promise.all([
    both[0].post(hq, `voice/sheets/${sheetId}/audit`, { decision: 'accepted' }),
    both[1].post(hq, `voice/sheets/${sheetId}/audit`, { decision: 'sent_back', reason: '措施不具体' }),
  ])
  expect(outcomes(audits)).toEqual([200, 'voice_wrong_status'])
}, 60_000)

test('a late meeting is booked once, whoever comes first: two looks, or the meeting itself', async () => {
  await both[0].post(hq, 'voice/sheets', { dealerCode: 'D001', month: '2026-02' })
  await deskOf(both[0]).enter('D002', '2026-02', ['价格'])
  await both[1].post(hq, 'voice/sheets', { dealerCode: 'D002', month: '2026-02' })
  await settled()
  go('2026-03-06 10:00')
  const ids = [`${sheetId}.1`, `${sheetId}.2`]
  const meeting = deskOf(both[0]).meeting(ids, '2026-03-06 09:00', '2026-03-20')
  const [met] = await Promise.all([
    both[1].post(dealer(), `voice/sheets/${sheetId}/meeting`, meeting),
    nodes[0].lookForDues(),
    nodes[1].lookForDues(),
  ])
  expect(met?.status).toBe(200)
  await settled()
  go('2026-03-06 10:01')
  await Promise.all(nodes.map((node) => node.lookForDues()))
  const entries = (await logged('VoiceEntryBooked')) as VoiceDataOf<'VoiceEntryBooked'>[]
  expect(entries.map(({ entryId }) => entryId).sort()).toEqual([`${sheetId}.late`, 'D002.2026-02.late'])
  const sums = await Promise.all(both.map(async (s) => (await s.get('voice/ledger', hq)).body.items.length))
  expect(sums).toEqual([2, 2])
}, 60_000)

test('a call of many items sent to both nodes with one key is entered once, and whole', async () => {
  const items = Array.from({ length: 90 }, (_, n) =>
    deskOf(both[0]).item(`D00${(n % 3) + 1}`, '2026-01', '价格', { text: `第${n}句` }),
  )
  const answers = await everywhere((s) =>
    s.post(hq, 'voice/items', { items }, { 'idempotency-key': 'batch' }),
  )
  for (const { status, body } of answers)
    expect([status, body.code]).toEqual(status === 201 ? [201, undefined] : [409, 'request_in_progress'])
  await settled()
  expect(await logged('VoiceItemEntered')).toHaveLength(2 + items.length)
  const again = await both[1].post(hq, 'voice/items', { items }, { 'idempotency-key': 'batch' })
  expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true'])
}, 60_000)
