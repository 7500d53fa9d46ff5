import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { newCommandId } from '../../../api/commands/commandId.ts'
import { eventId } from '../../../domain/eventStore.ts'
import { ticketStream } from '../../../domain/ticket/events.ts'
import { at, type Scenario, scenarioOf, startScenario } from '../../support/scenario.ts'
import { type Json, startTestService } from '../../support/service.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'complaints-'))
let s: Scenario
beforeAll(async () => {
  s = await startScenario({ dataDir })
})
afterAll(async () => {
  await s.service.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A dissatisfied callback of which a crash left only the first half. */
const halfDone = async (repeatExternalNo: string | null): Promise<string> => {
  const ticketNo = await s.register()
  await s.respond(ticketNo)
  await s.close(ticketNo)
  const { version, customer } = await s.ticket(ticketNo)
  const { store, sealing } = s.service.deps
  const commandId = newCommandId()
  const data = {
    outcome: 'dissatisfied',
    sameProblem: true,
    registersRepeat: true,
    repeatExternalNo,
    occurredAt: null,
    text: sealing.seal(customer.subjectId, { note: '仍未解决' }),
  }
  const recordedAt = at('2026-03-02 11:00')
  const metadata = { commandId, actor: { id: 'csr-7', role: 'csr' }, correlationId: 'c', recordedAt }
  await store.append(ticketStream(ticketNo), version, [
    { id: eventId(commandId, 0), type: 'CallbackRecorded', data, metadata },
  ])
  return ticketNo
}
const restart = async (): Promise<void> => {
  await s.service.close()
  s = scenarioOf(await startTestService({ now: at('2026-04-01 10:00'), dataDir }))
}

describe('what a crash left half done', () => {
  it('is finished at start, as it would have been: same actor, same instant', async () => {
    const ticketNo = await halfDone('H-1')
    await restart()
    const { escalatedTo } = await s.ticket(ticketNo)
    expect(await s.ticket(escalatedTo)).toMatchObject({
      externalNo: 'H-1',
      content: '仍未解决',
      registeredAt: at('2026-03-02 11:00'),
      escalatedFrom: ticketNo,
    })
    const { items } = (await s.get(`tickets/${escalatedTo}/timeline`)).body
    expect(items.map(({ actor }: Json) => actor.id)).toEqual(['csr-7', 'csr-7'])
    const head = await s.head()
    await restart()
    expect(await s.head()).toBe(head)
  })

  it('and is refused by now does not keep the service from starting', async () => {
    s.go('2026-03-02 10:00')
    await s.register({ externalNo: 'H-2' })
    const ticketNo = await halfDone('H-2')
    await restart()
    expect(await s.ticket(ticketNo)).toMatchObject({ state: 'completed', escalatedTo: null })
    expect(await s.take({ customer: { phone: '13312345678' } })).toMatchObject({ outcome: 'registered' })
  })
})
