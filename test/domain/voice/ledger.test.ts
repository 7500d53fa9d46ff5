/** What is booked, when, and what is not (rulebook §16). */
import { describe, expect, test } from '@jest/globals'
import type { VoiceEvent } from '../../../domain/voice/events.ts'
import { defaultVoicePolicy, voicePolicySchema } from '../../../domain/voice/policy.ts'
import {
  accepted,
  at,
  clock,
  dealer,
  entered,
  given,
  hq,
  late,
  masterOf,
  met,
  month,
  returned,
  sealed,
  sent,
  sheetId,
  type TimedVoiceEvent,
  withItems,
  withMeeting,
  withReturn,
  withSheet,
} from './givenVoice.ts'

const bookLate = { type: 'BookLateStep' as const, month }

describe('a late step', () => {
  test('is booked once its due has passed, once a sheet', () => {
    given(withSheet).when(bookLate, { now: '2026-03-05 23:59', by: hq }).thenNothing()
    given(withSheet)
      .when(bookLate, { now: '2026-03-06 00:00', by: hq })
      .then(late('meeting', '2026-03-06 00:00'))
    const booked = at('2026-03-06 00:00', late('meeting', '2026-03-06 00:00'))
    given(withSheet, booked).when(bookLate, { now: '2026-03-09 00:00', by: hq }).thenNothing()
    given(withSheet, booked, at('2026-03-06 09:00', met()))
      .when(bookLate, { now: '2026-03-20 00:00', by: hq })
      .thenNothing()
    given(withMeeting)
      .when(bookLate, { now: '2026-03-07 00:00', by: hq })
      .then(late('return', '2026-03-07 00:00'))
  })

  test('is not booked of an audit or a report, nor without a sheet', () => {
    given(withReturn).when(bookLate, { now: '2026-06-01 00:00', by: hq }).thenNothing()
    given(withReturn, at('2026-03-06 09:00', accepted()))
      .when(bookLate, { now: '2026-06-01 00:00', by: hq })
      .thenNothing()
    given(withItems).when(bookLate, { now: '2026-06-01 00:00', by: hq }).thenNothing()
    given().when(bookLate, { now: '2026-06-01 00:00', by: hq }).thenNothing()
  })

  test('is not booked while the desk is closed', () =>
    given(withSheet)
      .when(bookLate, { now: '2026-03-06 00:00', by: hq, master: masterOf({ enabled: false }) })
      .thenNothing())

  test('costs what the policy says', () =>
    given(withSheet)
      .when(bookLate, { now: '2026-03-06 00:00', by: hq, master: masterOf({ lateAmount: 2_000 }) })
      .then(late('meeting', '2026-03-06 00:00', -2_000)))
})

/** The sheet of a month with items of these indicators, sent on the second of the month after. */
const sheetOf = (ofMonth: string, ...indicators: string[]): TimedVoiceEvent[] => {
  const ids = indicators.map((_, index) => `D001.${ofMonth}.${index + 1}`)
  const items = ids.map((itemId, index) => entered(itemId, { indicator: indicators[index] as string }))
  return at('2026-03-02 10:00', ...items, sent({ month: ofMonth, itemIds: ids }))
}
const recurrence = (itemId: string, indicator: string, amount = -500): VoiceEvent => ({
  type: 'VoiceEntryBooked',
  data: {
    entryId: `${itemId}.recurrence`,
    month: itemId.split('.')[1] as string,
    ...{ kind: 'recurrence', itemId, indicator, late: null, amount, policyVersion: 4 },
  },
})
const judgedEffective = (itemId: string, effective = true): TimedVoiceEvent[] =>
  at('2026-03-03 10:00', { type: 'VoiceItemJudged', data: { itemId, effective, text: null } })

describe('an indicator of three months running', () => {
  const third = 'D001.2026-03.1'
  const send = { type: 'SendSheet' as const, dealer: 'D001', month: '2026-03', subjectId: 's1' }
  const asked = { now: '2026-04-02 10:00', by: hq }
  const march = (...indicators: string[]) =>
    sheetOf('2026-03', ...indicators).filter(({ event }) => event.type === 'VoiceItemEntered')
  const sends = (itemIds = [third]): VoiceEvent =>
    sent({ month: '2026-03', itemIds, clock: clock('2026-04-02 10:00', '2026-04-06 00:00', 3) })

  test('is booked with the third sheet', () =>
    given(sheetOf('2026-01', '价格'), sheetOf('2026-02', '价格'), march('价格'))
      .when(send, asked)
      .then(sends(), recurrence(third, '价格')))

  test('is booked once for several items of it, and for each indicator', () => {
    const ids = [1, 2, 3].map((n) => `D001.2026-03.${n}`)
    given(
      sheetOf('2026-01', '价格', '交车'),
      sheetOf('2026-02', '价格', '价格', '交车'),
      march('交车', '价格', '价格'),
    )
      .when(send, asked)
      .then(sends(ids), recurrence(ids[0] as string, '交车'), recurrence(ids[1] as string, '价格'))
  })

  test('is not booked with a month left out, or another indicator', () => {
    given(sheetOf('2025-12', '价格'), sheetOf('2026-01', '价格'), march('价格'))
      .when(send, asked)
      .then(sends())
    given(sheetOf('2026-01', '价格'), sheetOf('2026-02', '交车'), march('价格'))
      .when(send, asked)
      .then(sends())
  })

  test('is booked over the turn of the year', () => {
    const january = { ...send, month: '2026-01' }
    const items = sheetOf('2026-01', '价格').filter(({ event }) => event.type === 'VoiceItemEntered')
    given(sheetOf('2025-11', '价格'), sheetOf('2025-12', '价格'), items)
      .when(january, { now: '2026-03-02 10:00', by: hq })
      .then(sent({ month: '2026-01', itemIds: ['D001.2026-01.1'] }), recurrence('D001.2026-01.1', '价格'))
  })

  test('is not booked with an effective judgement in between, of whichever of its items', () => {
    const before = [...sheetOf('2026-01', '价格'), ...sheetOf('2026-02', '价格')]
    for (const itemId of ['D001.2026-01.1', 'D001.2026-02.1']) {
      given(before, judgedEffective(itemId), march('价格')).when(send, asked).then(sends())
      given(before, judgedEffective(itemId, false), march('价格'))
        .when(send, asked)
        .then(sends(), recurrence(third, '价格'))
    }
    given(
      sheetOf('2026-01', '价格', '交车'),
      sheetOf('2026-02', '价格'),
      judgedEffective('D001.2026-01.2'),
      march('价格'),
    )
      .when(send, asked)
      .then(sends(), recurrence(third, '价格'))
  })

  test('is booked once a run, and again for a new one', () => {
    const months = (...all: string[]) => all.flatMap((each) => sheetOf(each, '价格'))
    const booked = at('2026-03-02 10:00', recurrence('D001.2026-01.1', '价格'))
    given(months('2025-11', '2025-12', '2026-01'), booked, sheetOf('2026-02', '价格'), march('价格'))
      .when(send, asked)
      .then(sends())
    const bookedBefore = at('2026-03-02 10:00', recurrence('D001.2025-11.1', '价格'))
    given(months('2025-09', '2025-10', '2025-11'), bookedBefore, months('2026-01', '2026-02'), march('价格'))
      .when(send, asked)
      .then(sends(), recurrence(third, '价格'))
    given(
      months('2025-10', '2025-11', '2025-12'),
      at('2026-03-02 10:00', recurrence('D001.2025-12.1', '价格')),
      judgedEffective('D001.2025-12.1'),
      months('2026-01', '2026-02'),
      march('价格'),
    )
      .when(send, asked)
      .then(sends(), recurrence(third, '价格'))
  })

  test('is booked with the sheet that closes the gap', () => {
    const february = { ...send, month: '2026-02' }
    const items = sheetOf('2026-02', '价格').filter(({ event }) => event.type === 'VoiceItemEntered')
    given(sheetOf('2026-01', '价格'), sheetOf('2026-03', '价格'), items)
      .when(february, asked)
      .then(
        sent({
          month: '2026-02',
          itemIds: ['D001.2026-02.1'],
          clock: clock('2026-04-02 10:00', '2026-04-06 00:00', 3),
        }),
        recurrence('D001.2026-02.1', '价格'),
      )
  })

  test('counts no item that was dropped', () => {
    const items = sheetOf('2026-02', '价格', '交车').map(
      (each): TimedVoiceEvent =>
        each.event.type === 'VoiceSheetSent'
          ? { ...each, event: sent({ month: '2026-02', itemIds: ['D001.2026-02.2'] }) }
          : each,
    )
    given(sheetOf('2026-01', '价格'), items, march('价格')).when(send, asked).then(sends())
  })
})

describe('a reversal', () => {
  const booked = [...withSheet, ...at('2026-03-06 00:00', late('meeting', '2026-03-06 00:00'))]
  const entryId = `${sheetId}.late`
  const reverse = { type: 'ReverseEntry' as const, entryId, text: sealed('系统故障') }
  const reversed: VoiceEvent = { type: 'VoiceEntryReversed', data: { entryId, text: reverse.text } }
  const asked = { now: '2026-03-09 09:00', by: hq }

  test('is given by HQ, once', () => {
    given(booked).when(reverse, asked).then(reversed)
    given(booked, at('2026-03-08 09:00', reversed)).when(reverse, asked).thenRefused('voice_entry_reversed')
    given(booked)
      .when(reverse, { ...asked, by: dealer() })
      .thenRefused('role_not_allowed')
  })

  test('needs an entry, and is not reversed itself', () => {
    given(withSheet).when(reverse, asked).thenRefused('voice_entry_not_found')
    const again = { ...reverse, entryId: `${entryId}.reversal` }
    given(booked).when(again, asked).thenRefused('voice_entry_not_found')
    given(booked, at('2026-03-08 09:00', reversed)).when(again, asked).thenRefused('voice_entry_is_reversal')
  })

  test('does not make a late step be booked again', () => {
    const after = [...booked, ...at('2026-03-08 09:00', reversed)]
    given(after).when(bookLate, { now: '2026-03-10 09:00', by: hq }).thenNothing()
    given(after, at('2026-03-10 09:00', met()))
      .when(
        { type: 'ReturnSheet', month, attachmentIds: [], text: sealed('张总') },
        { now: '2026-03-20 09:00', by: dealer() },
      )
      .then(returned('2026-03-20 09:00', '2026-03-24 00:00'))
  })
})

describe('the policy of the desk', () => {
  test('holds the numbers of the rulebook', () =>
    expect(defaultVoicePolicy).toEqual({
      enabled: true,
      ...{ meetingDays: 3, returnDays: 2, auditDays: 3, returnAgainDays: 2, planMonths: 1, reportDays: 3 },
      ...{ recurrenceMonths: 3, lateAmount: 1_000, recurrenceAmount: 500 },
      ...{ publishedFrom: 500, publishedTo: 1_000 },
    }))

  test('takes any part of them', () =>
    expect(voicePolicySchema.parse({ enabled: false, meetingDays: 5 })).toEqual({
      ...defaultVoicePolicy,
      enabled: false,
      meetingDays: 5,
    }))
})
