/** `verify` names an inquiry or care task whose complaint was begun and not ended (rulebook §12, §15). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { openLog } from '../../src/store/sqliteLog.ts'
import { checkLinks } from '../../src/verify/checkLinks.ts'
import { at, csr, dealer, startScenario, system } from '../support/scenario.ts'

it('reports it until the inquiry or the task names the ticket, or is open again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'complaints-'))
  const s = await startScenario({ dataDir: folder })
  const { deps } = s.service
  const log = openLog(join(folder, 'events.db'), true)
  const problems = async (): Promise<string[]> => {
    const found: string[] = []
    await checkLinks({ log, store: deps.store }, (problem) => found.push(problem))
    return found
  }
  try {
    const customer = { name: '赵一', phone: '13911112222' }
    const asked = { channel: 'phone', topic: 'price', question: '多少钱', customer }
    const ask = async () => (await s.post(csr, 'inquiries', asked)).body
    const [whole, begun] = [await ask(), await ask()]
    await s.post(csr, `inquiries/${whole.inquiryNo}/complaint`, { category: 'A4a', dealerCode: 'D001' })
    expect(await problems()).toEqual([])

    type To = { stream: string; version: number; causationId?: string }
    const append = async (type: string, data: object, { stream, version, causationId }: To) => {
      const commandId = deps.newCommandId()
      const metadata = {
        commandId,
        actor: { id: 'csr', role: 'csr' },
        correlationId: commandId,
        recordedAt: deps.now(),
        ...(causationId !== undefined && { causationId }),
      }
      const event = { id: commandId, type, data, metadata }
      await deps.store.append(stream, version, [event])
      return commandId
    }
    const asking = { category: 'A4a', flags: [], sameProblemAs: 'auto' }
    const refused = { code: 'unknown_dealer', params: {}, pointer: null }
    const stream = `inquiry-${begun.inquiryNo}`
    const id = await append('InquiryBecameComplaint', { ...asking, dealer: 'D001' }, { stream, version: 1 })
    expect(await problems()).toEqual([
      expect.stringContaining(`Event ${id} (InquiryBecameComplaint) of inquiry-${begun.inquiryNo}`),
    ])
    await append('InquiryReopened', { refused }, { stream, version: 2, causationId: id })
    expect(await problems()).toEqual([])

    const car = { dealerCode: 'D001', handedOverAt: at('2026-03-02 09:00'), customer }
    const { handoverId, vehicleId } = (await s.post(system, 'handovers', car)).body
    const taskId = `${handoverId}.delivery_24h`
    const called = { result: 'reached', outcome: 'dissatisfied', other: '迟' }
    await s.post(dealer(), `care/tasks/${taskId}/attempts`, called)
    const vehicle = `vehicle-${vehicleId}`
    const ofTask = await append('CareBecameComplaint', { taskId, ...asking }, { stream: vehicle, version: 2 })
    expect(await problems()).toEqual([
      expect.stringContaining(`Event ${ofTask} (CareBecameComplaint) of ${vehicle}`),
    ])
    await append('CareReopened', { taskId, refused }, { stream: vehicle, version: 3, causationId: ofTask })
    expect(await problems()).toEqual([])
  } finally {
    log.close()
    await s.service.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 30_000)
