/** Entering and cleaning items, and sending sheets (rulebook §16). */
import { describe, expect, test } from '@jest/globals'
import type { NewVoiceItem, VoiceCommandOf } from '../../../domain/voice/commands.ts'
import {
  at,
  clock,
  dealer,
  entered,
  given,
  hq,
  instant,
  masterOf,
  month,
  of,
  one,
  sealed,
  sent,
  sheetId,
  two,
  withItems,
  withSheet,
} from './givenVoice.ts'

const newItem = (index: number, more: Partial<NewVoiceItem> = {}): NewVoiceItem => {
  const { itemId: _, ...data } = entered(one).data
  return { ...data, call: { commandId: 'c', index }, pointer: `#/items/${index}`, ...more }
}
const enter = (...items: NewVoiceItem[]): VoiceCommandOf<'EnterItems'> => ({
  type: 'EnterItems',
  dealer: 'D001',
  items,
})
const made = (itemId: string, index: number, more: Partial<NewVoiceItem> = {}) => {
  const { pointer: _, ...data } = { ...newItem(index, more), pointer: '' }
  return { type: 'VoiceItemEntered' as const, data: { ...data, itemId } }
}

describe('entering items', () => {
  const asked = { now: '2026-03-01 10:00', by: hq }

  test('numbers them by dealer and month', () =>
    given()
      .when(enter(newItem(0), newItem(1, { month: '2026-01' }), newItem(2)), asked)
      .then(made(one, 0), made('D001.2026-01.1', 1, { month: '2026-01' }), made(two, 2)))

  test('goes on after what was entered before', () =>
    given(withItems)
      .when(enter(newItem(0)), asked)
      .then(made(`${sheetId}.3`, 0)))

  test('leaves out what the same call has entered', () =>
    given(at('2026-03-01 10:00', entered(one, { call: { commandId: 'c', index: 0 } })))
      .when(enter(newItem(0), newItem(1)), asked)
      .then(made(two, 1)))

  test('takes the month that runs, and refuses one that has not begun', () => {
    given()
      .when(enter(newItem(0, { month: '2026-03' })), asked)
      .then(made('D001.2026-03.1', 0, { month: '2026-03' }))
    given()
      .when(enter(newItem(0, { month: '2026-04' })), asked)
      .thenRefused('voice_month_in_future', '#/items/0/month')
    // still March in London, already April in Shanghai
    given()
      .when(enter(newItem(0, { month: '2026-04' })), { ...asked, now: '2026-04-01 00:00' })
      .then(made('D001.2026-04.1', 0, { month: '2026-04' }))
  })

  test('refuses a dealer that is not known', () =>
    given()
      .when({ ...enter(newItem(3)), dealer: 'D999' }, asked)
      .thenRefused('unknown_dealer', '#/items/3/dealerCode'))

  test('refuses a month whose sheet is sent', () =>
    given(withSheet)
      .when(enter(newItem(0, { month: '2026-01' }), newItem(1)), asked)
      .thenRefused('voice_sheet_already_sent', '#/items/1'))

  test('takes 1,000 a month and no more', () => {
    const items = Array.from({ length: 1_001 }, (_, index) => newItem(index))
    given()
      .when(enter(...items), asked)
      .thenRefused('voice_too_many_items', '#/items/1000')
    expect(() =>
      given()
        .when(enter(...items.slice(1)), asked)
        .thenNothing(),
    ).toThrow()
  })

  test('is for HQ, while the desk is open', () => {
    given()
      .when(enter(newItem(0)), { ...asked, by: dealer() })
      .thenRefused('role_not_allowed')
    given()
      .when(enter(newItem(0)), { ...asked, by: of('sa', 'admin', 'rbo') })
      .thenRefused('role_not_allowed')
    given()
      .when(enter(newItem(0)), { ...asked, master: masterOf({ enabled: false }) })
      .thenRefused('desk_closed')
  })
})

describe('cleaning items', () => {
  const asked = { now: '2026-03-01 11:00', by: hq }
  const reword = { type: 'RewordItem' as const, itemId: one, text: sealed('等候时间过长') }
  const drop = { type: 'DropItem' as const, itemId: one, reason: 'not_dealer' as const }
  const dropped = at('2026-03-01 11:00', {
    type: 'VoiceItemDropped',
    data: { itemId: one, reason: 'not_dealer' },
  })

  test('rewords and drops', () => {
    given(withItems)
      .when(reword, asked)
      .then({ type: 'VoiceItemReworded', data: { itemId: one, text: reword.text } })
    given(withItems)
      .when(drop, asked)
      .then({ type: 'VoiceItemDropped', data: { itemId: one, reason: 'not_dealer' } })
  })

  test('refuses an item that is not there, one that was dropped, and one that was sent', () => {
    for (const command of [reword, drop]) {
      given().when(command, asked).thenRefused('voice_item_not_found')
      given(withItems, dropped).when(command, asked).thenRefused('voice_item_dropped')
      given(withSheet).when(command, asked).thenRefused('voice_sheet_already_sent')
      given(withItems)
        .when(command, { ...asked, by: dealer() })
        .thenRefused('role_not_allowed')
    }
  })

  test('leaves a dropped item off the sheet', () =>
    given(withItems, dropped)
      .when(
        { type: 'SendSheet', dealer: 'D001', month, subjectId: 's1' },
        { now: '2026-03-02 10:00', by: hq },
      )
      .then(sent({ itemIds: [two] })))
})

describe('sending a sheet', () => {
  const send = { type: 'SendSheet' as const, dealer: 'D001', month, subjectId: 's1' }
  const asked = { now: '2026-03-02 10:00', by: hq }

  test('starts the clock of the meeting: the day of sending does not count', () => {
    given(withItems).when(send, asked).then(sent())
    given(withItems)
      .when(send, { now: '2026-02-26 23:59', by: hq })
      .then(sent({ clock: clock('2026-02-26 23:59', '2026-03-02 00:00', 3) }))
  })

  test('follows the policy of its day', () =>
    given(withItems)
      .when(send, { ...asked, master: masterOf({ meetingDays: 5 }) })
      .then(sent({ clock: { ...clock('2026-03-02 10:00', '2026-03-08 00:00', 5) } })))

  test('refuses a second one of the same dealer and month', () =>
    given(withSheet).when(send, asked).thenRefused('voice_sheet_exists'))

  test('refuses one without items', () => {
    given().when(send, asked).thenRefused('voice_no_items')
    given(withItems)
      .when({ ...send, month: '2026-01' }, asked)
      .thenRefused('voice_no_items')
  })

  test('refuses an unknown and an inactive dealer', () => {
    given(withItems)
      .when({ ...send, dealer: 'D999' }, asked)
      .thenRefused('unknown_dealer', '#/dealerCode')
    given(withItems)
      .when({ ...send, dealer: 'D009' }, asked)
      .thenRefused('inactive_dealer', '#/dealerCode')
  })

  test('is for HQ', () =>
    given(withItems)
      .when(send, { ...asked, by: dealer() })
      .thenRefused('role_not_allowed'))

  test('keeps instants in UTC', () => expect(instant('2026-03-06 00:00')).toBe('2026-03-05T16:00:00.000Z'))
})
