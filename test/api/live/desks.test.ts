/** Care calls and customer voice as streams and webhooks tell of them, over real connections (rulebook §15, §16). */
import { afterEach, expect, it } from '@jest/globals'
import { webhookBodies } from '../../../api/live/schemas.ts'
import { at, csr, dealer, one, rbo, system } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'
import { endAll, hooksOf, receiver, startSending } from '../../webhooks/support.ts'
import { deskOf } from '../voice/desk.ts'
import { feedOf, listening, openReader, until } from './readers.ts'

afterEach(endAll)

it('each is told once to those who see the desk, in order, also over a cut, and without the customer to webhooks', async () => {
  const s = await startSending()
  const url = await listening(s.service)
  await s.service.lookForDues()
  const from = (await s.head()) as string
  const people = [one('hq_sales'), dealer('D001'), dealer('D002'), rbo('EAST'), rbo('NORTH'), csr]
  const readers = await Promise.all(
    people.map(async (who) => openReader(url, await s.service.tokenOf(who), { query: '?topics=care' })),
  )
  const [told, deaf] = [await receiver(), await receiver()]
  await hooksOf(s).create(told.url, { events: ['*'], dealer: 'D001' })
  await hooksOf(s).create(deaf.url, { events: ['*'], dealer: 'D002' })

  const { handoverId } = (
    await s.post(system, 'handovers', {
      dealerCode: 'D001',
      vin: 'LSVAA4187E2000001',
      handedOverAt: at('2026-03-02 09:00'),
      customer: { name: '李小红', phone: '13611000001' },
    })
  ).body
  const taskId = `${handoverId}.delivery_24h`
  const called = { result: 'reached', outcome: 'dissatisfied', service: '等了三个小时' }
  expect((await s.post(dealer(), `care/tasks/${taskId}/attempts`, called)).status).toBe(200)
  await until(() => readers[1]?.told.length === 1, 'the dissatisfied customer')
  // what comes while nobody reads is not lost
  for (const reader of readers) await reader.cut()
  await deskOf(s).sent('D001', '2026-02')
  s.go('2026-03-06 10:00')
  await s.service.lookForDues()
  for (const reader of readers) expect(await reader.resume()).toBe(200)

  const types = ['care.triage', 'voice.sheet_sent', 'voice.overdue']
  const seen = [types, types, [], types, [], types]
  for (const [nth, reader] of readers.entries()) {
    const expected = await feedOf(s.service, people[nth] as (typeof people)[number], from, '&topics=care')
    expect(expected.map(({ type }) => type)).toEqual(seen[nth])
    await until(() => reader.told.length >= expected.length, `what ${people[nth]?.sub} sees`)
    expect(reader.told.map(({ data }) => data)).toEqual(expected)
  }
  for (const reader of readers) await reader.cut()

  for (let looks = 0; looks < 20 && told.received.length < types.length; looks++) await hooksOf(s).look()
  expect(told.received.map(({ body }) => body.type)).toEqual(types)
  for (const { body } of told.received) {
    const schema = body.type === 'care.triage' ? webhookBodies.careTask : webhookBodies.voiceSheet
    const ofDue = body.type === 'voice.overdue' ? webhookBodies.voiceDue : schema
    expect(ofDue.safeParse(body).error).toBeUndefined()
  }
  expect(told.received.map(({ body }: { body: Json }) => body.data.taskId ?? body.data.sheetId)).toEqual([
    taskId,
    'D001.2026-02',
    'D001.2026-02',
  ])
  expect(told.received.map(({ text }) => text).join('')).not.toMatch(/李|13611|三个小时|LSVAA|等了两小时/)
  expect(deaf.received).toEqual([])
}, 60_000)
