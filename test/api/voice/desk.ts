/** What people do at the customer-voice desk, for tests of the API. */
import { expect } from '@jest/globals'
import { at, dealer, one, type Scenario } from '../../support/scenario.ts'
import type { Json, Who } from '../../support/service.ts'

const hq = one('hq_sales')

export const deskOf = (s: Scenario) => {
  const item = (dealerCode: string, month: string, indicator: string, more: Json = {}): Json => ({
    ...{ month, dealerCode, survey: 'SSI', indicator, score: 6, text: '等了两小时' },
    ...more,
  })
  /** One item for each indicator. */
  const enter = async (dealerCode: string, month: string, indicators: readonly string[]): Promise<Json[]> => {
    const body = { items: indicators.map((indicator) => item(dealerCode, month, indicator)) }
    const { status, text, body: answer } = await s.post(hq, 'voice/items', body)
    expect([status, text]).toEqual([201, text])
    return answer.items
  }
  const does = async (
    sheetId: string,
    act: string,
    body: Json,
    who: Who = dealer(sheetId.split('.')[0] as string),
  ): Promise<Json> => {
    const { status, text, body: sheet } = await s.post(who, `voice/sheets/${sheetId}/${act}`, body)
    expect([status, text]).toEqual([200, text])
    return sheet
  }
  const meeting = (itemIds: readonly string[], heldAt: string, endsOn: string): Json => ({
    heldAt: at(heldAt),
    attendees: ['张总', '李经理'],
    plans: itemIds.map((itemId) => ({ itemId, measure: '增加交车顾问', person: '李经理', endsOn })),
  })
  /** A sheet with one item an indicator, sent now. */
  const sent = async (dealerCode: string, month: string, indicators = ['价格']): Promise<Json> => {
    await enter(dealerCode, month, indicators)
    const { status, text, body } = await s.post(hq, 'voice/sheets', { dealerCode, month })
    expect([status, text]).toEqual([201, text])
    return body
  }
  /** A sheet that went its whole way within one instant; its items are effective. */
  const closed = async (dealerCode: string, month: string, effective = true): Promise<Json> => {
    const { sheetId, items, sentAt } = await sent(dealerCode, month)
    const itemIds = items.map(({ itemId }: Json) => itemId)
    await does(sheetId, 'meeting', {
      ...meeting(itemIds, '2026-03-02 10:00', sentAt.slice(0, 10)),
      heldAt: sentAt,
    })
    await does(sheetId, 'return', { signedBy: '张总' })
    await does(sheetId, 'audit', { decision: 'accepted' }, hq)
    await does(sheetId, 'report', { results: '已改进' })
    let sheet: Json = null
    for (const itemId of itemIds) sheet = await does(sheetId, 'judge', { itemId, effective }, hq)
    return sheet
  }
  return { item, enter, does, meeting, sent, closed }
}
