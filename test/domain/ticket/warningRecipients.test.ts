import { describe, expect, test } from '@jest/globals'
import type { WarningCode } from '../../../domain/codes.ts'

import { given, givenWith, instant, masterWith } from '../../support/given.ts'
import { contact, warnByHand } from './commands.ts'
import { contacted, dispatched, registered, toMedia, toRbo, toSe, warned } from './events.ts'

const at = '2026-03-02 11:00'
const ackDueAt = instant('2026-03-02 13:00')
const unhandled = [registered(), dispatched()]

describe('a warning is sent to the next tier', () => {
  const EAST = { tier: 'rbo', unit: 'EAST' } as const
  const SE = { tier: 'se', unit: 'SE' } as const
  const SA = { tier: 'sa', unit: 'SA' } as const
  const holders = [
    { from: 'dealer', unit: 'D001', held: dispatched(), next: EAST, brand: SE },
    { from: 'rbo', unit: 'EAST', held: toRbo(), next: SE, brand: SE },
    { from: 'se', unit: 'SE', held: toSe(), next: SA, brand: SA },
    { from: 'se_media', unit: 'SE_MEDIA', held: toMedia(), next: SA, brand: SA },
  ] as const

  test.each(holders)('from $from', ({ from, unit, held, next, brand }) => {
    for (const code of ['W1', 'W2', 'W3', 'W4', 'W5', 'W6'] as const) {
      const sentTo = code === 'W5' || code === 'W6' ? brand : next
      given(registered(), held)
        .when(warnByHand(at, { code }))
        .then(warned({ code, byHand: true, from: { tier: from, unit }, sentTo, ackDueAt }))
    }
  })

  test('to be acknowledged within 120 service minutes of that unit’s hours', () => {
    const inXinjiang = [
      registered({ dealer: 'D004' }),
      dispatched({ unit: 'D004', dealer: 'D004', rbo: 'WEST-XJ' }),
    ]
    const ackOf = (code: WarningCode) =>
      given(...inXinjiang)
        .when(warnByHand('2026-03-02 17:30', { code }))
        .ticket().warnings[0]?.ackDueAt
    expect(ackOf('W1')).toBe(instant('2026-03-03 10:30'))
    expect(ackOf('W5')).toBe(instant('2026-03-03 10:30'))
    const early = given(...inXinjiang)
      .when(warnByHand('2026-03-02 09:00'))
      .ticket()
    expect(early.warnings[0]?.ackDueAt).toBe(instant('2026-03-02 12:00'))
  })

  test('in the minutes of the policy', () => {
    givenWith(masterWith({ ackMinutes: 30 }), ...unhandled)
      .when(contact(at, { flags: ['agitated'] }))
      .then(contacted({ flags: ['agitated'] }), warned({ code: 'W4', ackDueAt: instant('2026-03-02 11:30') }))
  })
})
