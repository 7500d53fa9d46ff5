/** `verify` names an inquiry whose complaint was begun and not ended (rulebook §12). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { openLog } from '../../src/store/sqliteLog.ts'
import { checkLinks } from '../../src/verify/checkLinks.ts'
import { csr, startScenario } from '../support/scenario.ts'

it('reports it until the inquiry names the ticket, or is open again', async () => {
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

    const append = async (type: string, data: object, version: number, causationId?: string) => {
      const commandId = deps.newCommandId()
      const metadata = {
        commandId,
        actor: { id: 'csr', role: 'csr' },
        correlationId: commandId,
        recordedAt: deps.now(),
        ...(causationId !== undefined && { causationId }),
      }
      const event = { id: commandId, type, data, metadata }
      await deps.store.append(`inquiry-${begun.inquiryNo}`, version, [event])
      return commandId
    }
    const asking = { category: 'A4a', dealer: 'D001', flags: [], sameProblemAs: 'auto' }
    const id = await append('InquiryBecameComplaint', asking, 1)
    expect(await problems()).toEqual([
      expect.stringContaining(`Event ${id} (InquiryBecameComplaint) of inquiry-${begun.inquiryNo}`),
    ])
    await append('InquiryReopened', { refused: { code: 'unknown_dealer', params: {}, pointer: null } }, 2, id)
    expect(await problems()).toEqual([])
  } finally {
    log.close()
    await s.service.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 30_000)
