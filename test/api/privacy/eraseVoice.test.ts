/** Erasing at the customer-voice desk (rulebook §16, §17): an item and a sheet are data subjects of their own. */
import { expect } from '@jest/globals'
import { testOnBothEngines } from '../../support/bothEngines.ts'
import { dealer, one, rbo, sa, startScenario } from '../../support/scenario.ts'
import type { Json } from '../../support/service.ts'
import { deskOf } from '../voice/desk.ts'

const hq = one('hq_sales')
const sheet = 'D001.2026-02'
const [first, second] = [`${sheet}.1`, `${sheet}.2`]

testOnBothEngines(
  'an item loses what was said, a sheet what was written on it; numbers, steps and the other stay',
  async (eventStore) => {
    const s = await startScenario(eventStore === undefined ? {} : { eventStore })
    try {
      const desk = deskOf(s)
      const erase = async (subjectId: string): Promise<void> => {
        const { status, text } = await s.post(sa, `privacy/subjects/${subjectId}/erase`, {
          reason: '客户要求',
        })
        expect([status, text]).toEqual([200, text])
      }
      /** Every answer in which texts of the sheet and its items are. */
      const everything = async (): Promise<string> => {
        const paths = ['voice/items', `voice/sheets/${sheet}`, `voice/sheets/${sheet}/timeline`]
        const answers = await Promise.all(paths.map((path) => s.get(path, hq)))
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
        return answers.map(({ text }) => text).join('\n')
      }
      s.go('2026-03-02 10:00')
      const texts = { 价格: '甲的原话', 交车过程: '乙的原话' }
      const items = Object.entries(texts).map(([indicator, text]) =>
        desk.item('D001', '2026-02', indicator, { text }),
      )
      const entered = (await s.post(hq, 'voice/items', { items })).body.items
      await s.post(hq, `voice/items/${first}/reword`, { text: '甲的改写' })
      const sent = (await s.post(hq, 'voice/sheets', { dealerCode: 'D001', month: '2026-02' })).body
      const subjects = [entered[0].subjectId, entered[1].subjectId, sent.subjectId]
      expect(new Set(subjects).size).toBe(3)
      await desk.does(sheet, 'meeting', desk.meeting([first, second], '2026-03-02 10:00', '2026-03-20'))
      await desk.does(sheet, 'return', { signedBy: '签字人' })
      await desk.does(sheet, 'audit', { decision: 'accepted' }, hq)
      await desk.does(sheet, 'follow-ups', { note: '跟进备注' }, rbo())
      const before = (await s.get(`voice/sheets/${sheet}`, hq)).body

      await erase(subjects[0])
      expect(await everything()).not.toMatch(/甲的/)
      expect(await everything()).toMatch(/乙的原话[\s\S]*跟进备注/)

      await erase(subjects[2])
      expect(await everything()).not.toMatch(/甲的|张总|李经理|增加交车顾问|签字人|跟进备注/)
      const after: Json = (await s.get(`voice/sheets/${sheet}`, hq)).body
      expect(after.items.map(({ text }: Json) => text)).toEqual([null, '乙的原话'])
      const counted = ({ status, step, dueAt, version, steps }: Json) => ({
        status,
        step,
        dueAt,
        version,
        steps,
      })
      expect(counted(after)).toEqual(counted(before))

      // work on the sheet goes on, without a text
      const reported = await desk.does(sheet, 'report', { results: '结果一' }, dealer())
      expect(reported.status).toBe('reported')
      await desk.does(sheet, 'judge', { itemId: first, effective: true, note: '评价备注' }, hq)
      const closed = await desk.does(sheet, 'judge', { itemId: second, effective: false }, hq)
      expect(closed.status).toBe('closed')
      expect(await everything()).not.toMatch(/结果一|评价备注/)
    } finally {
      await s.service.close()
    }
  },
)
