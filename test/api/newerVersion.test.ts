import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { newCommandId } from '../../api/commands/commandId.ts'
import { createFoldedStates, readFound } from '../../api/commands/folded.ts'
import { readEvents } from '../../api/commands/tickets/execute.ts'
import { problemOfError } from '../../api/http/errorHandler.ts'
import { problemBody } from '../../api/http/problems.ts'
import { eventId, type StoredEvent } from '../../domain/eventStore.ts'
import { UnknownEvent } from '../../domain/storedEvents.ts'
import { ticketAggregate } from '../../domain/ticket/aggregate.ts'
import { ticketStream } from '../../domain/ticket/events.ts'
import { csr, dealer, type Scenario, startScenario } from '../support/scenario.ts'

let s: Scenario
let ticketNo: string
beforeAll(async () => {
  s = await startScenario()
  ticketNo = await s.register()
})
afterAll(() => s.service.close())

const asked = async () =>
  [
    await s.act(ticketNo, 'responses', { method: 'phone', reached: true, note: '已联系客户' }, dealer()),
    await s.get(`tickets/${ticketNo}/timeline`, csr),
  ].map(({ status, body }) => [status, body.code])

it('a ticket that a newer version wrote to is neither read nor changed, and the answer says why', async () => {
  const { store } = s.service.deps
  const stream = ticketStream(ticketNo)
  const before = await store.readStream(stream)
  const commandId = newCommandId()
  const { metadata } = before[0] as StoredEvent
  const event = {
    id: eventId(commandId, 0),
    type: 'TicketReheated',
    data: {},
    metadata: { ...metadata, commandId },
  }
  const sentence = `Event ${before.length + 1} of ${stream} has the type TicketReheated`

  // as another node has appended it, before the views of this one have heard of it
  const { readStream } = store
  store.readStream = async (name, after = 0) => {
    const events = await readStream(name, after)
    const version = before.length + 1
    return name === stream ? [...events, { ...event, stream, version, position: '999' }] : events
  }
  expect(await asked()).toEqual(Array(2).fill([503, 'newer_version_needed']))
  const found = readFound({ store, folded: createFoldedStates() }, ticketAggregate, ticketNo)
  await expect(found).rejects.toThrow(sentence)
  await expect(readEvents({ store }, ticketNo)).rejects.toThrow(sentence)
  store.readStream = readStream

  await store.append(stream, before.length, [event])
  expect(await asked()).toEqual(Array(2).fill([503, 'view_rebuilding']))
  const ready = await s.service.call(null, 'GET', '/readyz')
  expect(ready.status).toBe(503)
  expect(await store.readStream(stream)).toHaveLength(before.length + 1)
})

it('is told in both languages with a status of its own', () => {
  const problem = problemOfError(
    new UnknownEvent({ type: 'TicketReheated', stream: 'ticket-T1', version: 3 }),
  )
  expect(problemBody(problem, 'en')).toMatchObject({
    status: 503,
    code: 'newer_version_needed',
    detail:
      'A newer version of the service has written here, and this version cannot read it. Use a node with the newer version.',
  })
  expect(problemBody(problem, 'zh')).toMatchObject({ code: 'newer_version_needed' })
})
