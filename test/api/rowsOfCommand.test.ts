/** Remembered commands of which a view has a part only. */
import { expect, it } from '@jest/globals'
import { rowsOfCommand } from '../../api/commands/rowsOfCommand.ts'
import { ticketStream } from '../../domain/ticket/events.ts'
import { csr, startScenario } from '../support/scenario.ts'

it('a command of which a view has the first events only is completed from its stream, and no further', async () => {
  const s = await startScenario()
  const { store, views } = s.service.deps
  const { ticketNo } = (await s.post(csr, 'complaints', s.complaint(), { 'idempotency-key': 'one' })).body
  await s.call(ticketNo)
  const [first] = await store.readStream(ticketStream(ticketNo))
  const { commandId } = first!.metadata
  const [row] = views.commands.find(commandId)
  expect(row!.toVersion).toBeGreaterThan(1)
  const cut = { ...row!, toVersion: 1, position: first!.position }
  const behind = { ...views, commands: { ...views.commands, find: () => [cut] } }
  const whole = { ...row!, commandId }
  expect(await rowsOfCommand({ store, views: behind }, commandId)).toEqual([whole])
  expect(await rowsOfCommand({ store, views }, commandId)).toEqual([whole])
  expect(await rowsOfCommand({ store, views }, 'never sent')).toEqual([])
  await s.service.close()
})
