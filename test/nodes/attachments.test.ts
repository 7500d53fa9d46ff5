/** Attachments in the data folder of one node are not damaged for another: it has not got them (rulebook §14). */
import { rmSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { formOf, samples } from '../attachments/samples.ts'
import { startNodesAt } from '../support/nodesInProcess.ts'
import { csr, problemOf, refused, scenarioOf } from '../support/scenario.ts'
import { startStandIn } from '../support/wire/standIn.ts'

test('the node that took an attachment in serves it; the other says that it is elsewhere', async () => {
  const standIn = await startStandIn()
  const { nodes, folders } = await startNodesAt(standIn.address, { ATTACHMENTS: 'folder' })
  try {
    const [here, there] = [scenarioOf(nodes[0]), scenarioOf(nodes[1])]
    const path = `tickets/${await here.register()}/attachments`
    const pdf = samples['application/pdf']
    const { body, headers } = formOf(pdf)
    const added = await nodes[0].call(csr, 'POST', `/v1/${path}`, { body, headers })
    expect(added.status).toBe(201)
    const head = await nodes[0].deps.store.head()
    await nodes[1].deps.views.reached(head as string, 10_000)
    const file = `${path}/${added.body.attachmentId}`
    expect((await here.get(file, csr)).bytes).toEqual(Buffer.from(pdf))
    const elsewhere = await there.get(file, csr)
    expect(problemOf(elsewhere)).toEqual(refused(503, 'attachment_on_other_node'))
    expect(elsewhere.headers['retry-after']).toBe('5')
  } finally {
    for (const node of nodes) await node.close()
    await standIn.stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
