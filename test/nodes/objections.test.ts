/** An objection beside the freeze of its quarter, on two nodes: it came before, or is refused. */
import { rmSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { hq } from '../api/reports/settling.ts'
import { startNodesAt } from '../support/nodesInProcess.ts'
import { at, dealer, scenarioOf } from '../support/scenario.ts'
import { startStandIn } from '../support/wire/standIn.ts'

it('is in the log before the freeze that it is beside, or refused by it', async () => {
  const server = await startStandIn()
  const { nodes, folders } = await startNodesAt(server.address)
  try {
    const [a, b] = [scenarioOf(nodes[0]), scenarioOf(nodes[1])]
    const ticketNos = [await a.register(), await a.register(), await a.register()]
    for (const node of nodes) node.setClock(at('2026-05-20 10:00'))
    const head = await a.head()
    await nodes[1].deps.views.reached(head as string, 5_000)
    const raised = ticketNos.map((ticketNo) =>
      b.post(dealer(), `tickets/${ticketNo}/objections`, { measures: ['response'], reason: '理由' }),
    )
    const frozen = await a.post(hq, 'assessments/2026Q1/freeze', {})
    expect([frozen.status, frozen.text]).toEqual([200, frozen.text])
    const answers = await Promise.all(raised)
    for (const { status, body } of answers)
      expect([status, body.code]).toEqual(status === 201 ? [201, undefined] : [409, 'quarter_is_frozen'])
    const places = new Map<string, string>()
    for (const event of await a.service.deps.store.readAll(null, 1_000))
      if (event.type === 'QuarterFrozen' || event.type === 'ObjectionRaised')
        places.set(event.type === 'QuarterFrozen' ? 'frozen' : event.stream, event.position)
    const { comparePositions } = a.service.deps.store
    for (const [name, position] of places)
      if (name !== 'frozen')
        expect(comparePositions(position, places.get('frozen') as string)).toBeLessThan(0)
    expect(frozen.body.undecidedObjections ?? 0).toBe(answers.filter(({ status }) => status === 201).length)
    const after = await b.post(dealer(), `tickets/${ticketNos[0]}/objections`, {
      measures: ['close'],
      reason: '理由',
    })
    expect(after.status).toBe(409)
  } finally {
    for (const node of nodes) await node.close()
    await server.stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
