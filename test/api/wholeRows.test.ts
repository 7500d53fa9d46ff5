/** Remembered commands of which a view has a part only. */
import { expect, it } from '@jest/globals'
import { wholeRows } from '../../api/commands/wholeRows.ts'
import { ticketStream } from '../../domain/ticket/events.ts'
import { csr, startScenario } from '../support/scenario.ts'

it('a command of which a view has the first events only is completed from its stream, and no further', async () => {
  const s = await startScenario()
  const { deps } = s.service
  const { ticketNo } = (await s.post(csr, 'complaints', s.complaint(), { 'idempotency-key': 'one' })).body
  await s.call(ticketNo)
  const [first] = await deps.store.readStream(ticketStream(ticketNo))
  const { commandId } = first!.metadata
  const [row] = deps.views.commands.find(commandId).map((each) => ({ ...each, commandId }))
  expect(row!.toVersion).toBeGreaterThan(1)
  const cut = { ...row!, toVersion: 1, position: first!.position }
  expect(await wholeRows(deps, [cut, row!])).toEqual([row, row])
  await s.service.close()
})
