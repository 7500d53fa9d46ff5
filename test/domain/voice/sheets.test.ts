/** The acts on a sheet, each with what it makes and what it refuses (rulebook §16). */
import { describe, test } from '@jest/globals'
import type { VoiceSheetStatus } from '../../../domain/voice/codes.ts'
import type { VoiceCommand, VoiceCommandOf } from '../../../domain/voice/commands.ts'
import type { VoiceEvent } from '../../../domain/voice/events.ts'
import {
  at,
  clock,
  dealer,
  given,
  hq,
  instant,
  judged,
  late,
  masterOf,
  meet,
  met,
  month,
  of,
  one,
  plan,
  rbo,
  reported,
  returned,
  running,
  sealed,
  type TimedVoiceEvent,
  two,
  withItems,
  withMeeting,
  withReport,
  withReturn,
  withSheet,
} from './givenVoice.ts'

const sentBack = (): VoiceEvent => ({
  type: 'VoiceSheetAudited',
  data: {
    month,
    decision: 'sent_back',
    text: sealed('措施不具体'),
    clock: clock('2026-03-06 09:00', '2026-03-09 00:00', 2),
  },
})
const withSentBack = [...withReturn, ...at('2026-03-06 09:00', sentBack())]
const closed = [...withReport, ...at('2026-04-08 09:00', judged(one, true), judged(two, false))]

const byStatus: Record<VoiceSheetStatus, readonly TimedVoiceEvent[]> = {
  sent: withSheet,
  met: withMeeting,
  returned: withReturn,
  sent_back: withSentBack,
  running,
  reported: withReport,
  closed,
}

const giveBack: VoiceCommandOf<'ReturnSheet'> = {
  type: 'ReturnSheet',
  month,
  attachmentIds: [],
  text: sealed('张总'),
}
const accept: VoiceCommandOf<'AuditSheet'> = { type: 'AuditSheet', month, decision: 'accepted', text: null }
const follow: VoiceCommandOf<'FollowUp'> = { type: 'FollowUp', month, text: sealed('到店检查') }
const change: VoiceCommandOf<'ChangePlan'> = {
  type: 'ChangePlan',
  month,
  itemId: one,
  endsOn: '2026-03-25',
  text: sealed('延期'),
}
const report: VoiceCommandOf<'ReportResult'> = {
  type: 'ReportResult',
  month,
  itemIds: null,
  text: sealed('已改进'),
}
const judge: VoiceCommandOf<'JudgeItem'> = {
  type: 'JudgeItem',
  month,
  itemId: one,
  effective: true,
  text: null,
}
const publish: VoiceCommandOf<'PublishCase'> = {
  type: 'PublishCase',
  month,
  itemId: one,
  amount: 800,
  text: sealed('交车不等候'),
}

describe('each act', () => {
  const takenIn: [VoiceCommand, readonly VoiceSheetStatus[], ReturnType<typeof dealer>][] = [
    [meet, ['sent'], dealer()],
    [giveBack, ['met', 'sent_back'], dealer()],
    [accept, ['returned'], hq],
    [follow, ['running'], rbo()],
    [change, ['running'], dealer()],
    [report, ['running'], dealer()],
  ]

  test.each(takenIn)(
    '$type is refused in any status but its own, and without a sheet',
    (command, taken, by) => {
      for (const [status, happened] of Object.entries(byStatus))
        if (!taken.includes(status as VoiceSheetStatus))
          given(happened).when(command, { now: '2026-04-09 09:00', by }).thenRefused('voice_wrong_status')
      given(withItems).when(command, { now: '2026-03-04 09:00', by }).thenRefused('voice_sheet_not_found')
      given().when(command, { now: '2026-03-04 09:00', by }).thenRefused('voice_sheet_not_found')
    },
  )

  test.each(takenIn)('$type is for its role alone, while the desk is open', (command, [status], by) => {
    const happened = byStatus[status as VoiceSheetStatus]
    for (const other of [dealer(), rbo(), hq, of('csr'), of('sa'), of('admin'), of('auditor')])
      if (other.roles[0] !== by.roles[0])
        given(happened).when(command, { now: '2026-03-06 09:00', by: other }).thenRefused('role_not_allowed')
    given(happened)
      .when(command, { now: '2026-03-06 09:00', by, master: masterOf({ enabled: false }) })
      .thenRefused('desk_closed')
  })
})

describe('the meeting', () => {
  const asked = { now: '2026-03-04 16:00', by: dealer() }

  test('has a plan for each item, and starts the clock of the return from the day it was held', () =>
    given(withSheet).when(meet, asked).then(met()))

  test('before the sheet was sent, or in the future, is refused', () => {
    given(withSheet)
      .when({ ...meet, heldAt: instant('2026-03-02 09:59') }, asked)
      .thenRefused('voice_meeting_before_sheet', '#/heldAt')
    given(withSheet)
      .when({ ...meet, heldAt: instant('2026-03-04 16:01') }, asked)
      .thenRefused('future_instant', '#/heldAt')
  })

  test('needs one plan for each item', () => {
    const [first, second] = meet.plans as [ReturnType<typeof plan>, ReturnType<typeof plan>]
    const asks = (plans: ReturnType<typeof plan>[]) => given(withSheet).when({ ...meet, plans }, asked)
    asks([first]).thenRefused('voice_plan_missing', '#/plans')
    asks([first, first, second]).thenRefused('voice_plan_twice', '#/plans/1/itemId')
    asks([first, plan('D001.2026-02.9', '2026-03-20')]).thenRefused(
      'voice_item_not_on_sheet',
      '#/plans/1/itemId',
    )
  })

  test.each([
    ['2026-03-04 15:00', '2026-04-04', '2026-04-05'],
    ['2026-01-31 15:00', '2026-02-28', '2026-03-01'],
    ['2026-12-31 15:00', '2027-01-31', '2027-02-01'],
    ['2028-01-30 15:00', '2028-02-29', '2028-03-01'],
  ])('held at %s may plan up to %s, and not up to %s', (heldAt, latest, later) => {
    const year = heldAt.slice(0, 4)
    const story = withSheet.map((each) => ({ ...each, time: each.time.replace('2026-03', `${year}-01`) }))
    const asks = (endsOn: string) =>
      given(story).when(
        { ...meet, heldAt: instant(heldAt), plans: [plan(one, endsOn), plan(two, latest)] },
        { now: heldAt, by: dealer() },
      )
    asks(later).thenRefused('voice_plan_end_too_late', '#/plans/0/endsOn')
    const dayBefore = new Date(Date.parse(`${heldAt.slice(0, 10)}T00:00:00Z`) - 86_400_000)
    asks(dayBefore.toISOString().slice(0, 10)).thenRefused('voice_plan_end_too_early', '#/plans/0/endsOn')
  })

  test('follows the policy: two months', () => {
    const plans = [plan(one, '2026-05-04'), plan(two, '2026-03-04')]
    given(withSheet)
      .when({ ...meet, plans }, { ...asked, master: masterOf({ planMonths: 2 }) })
      .then({
        type: 'VoiceMeetingRecorded',
        data: {
          month,
          heldAt: meet.heldAt,
          plans,
          text: meet.text,
          clock: clock('2026-03-04 15:00', '2026-03-07 00:00', 2),
        },
      })
  })

  test('recorded at the last millisecond is in time, and at the due is late, whenever it was held', () => {
    given(withSheet).when(meet, { now: '2026-03-05 23:59', by: dealer() }).then(met())
    given(withSheet)
      .when(meet, { now: '2026-03-06 00:00', by: dealer() })
      .then(met(), late('meeting', '2026-03-06 00:00'))
  })
})

describe('the return', () => {
  test('starts the clock of the audit', () =>
    given(withMeeting).when(giveBack, { now: '2026-03-05 09:00', by: dealer() }).then(returned()))

  test('is late from 00:00 after the second day from the meeting on', () => {
    given(withMeeting)
      .when(giveBack, { now: '2026-03-06 23:59', by: dealer() })
      .then(returned('2026-03-06 23:59', '2026-03-10 00:00'))
    given(withMeeting)
      .when(giveBack, { now: '2026-03-07 00:00', by: dealer() })
      .then(returned('2026-03-07 00:00', '2026-03-11 00:00'), late('return', '2026-03-07 00:00'))
  })

  test('is late again without a second booking', () => {
    const booked = [...withMeeting, ...at('2026-03-07 00:01', late('return', '2026-03-07 00:00'))]
    given(booked)
      .when(giveBack, { now: '2026-03-08 10:00', by: dealer() })
      .then(returned('2026-03-08 10:00', '2026-03-12 00:00'))
  })

  test('again, within two days of being sent back', () => {
    given(withSentBack)
      .when(giveBack, { now: '2026-03-08 23:59', by: dealer() })
      .then(returned('2026-03-08 23:59', '2026-03-12 00:00'))
    given(withSentBack)
      .when(giveBack, { now: '2026-03-09 00:00', by: dealer() })
      .then(returned('2026-03-09 00:00', '2026-03-13 00:00'), late('return', '2026-03-09 00:00'))
  })

  test('names attachments of the sheet only', () => {
    const attachmentId = '00000000-0000-4000-8000-000000000001'
    const data = {
      month,
      attachmentId,
      mediaType: 'application/pdf' as const,
      bytes: 3,
      text: sealed('签到表'),
    }
    const attached = [...withMeeting, ...at('2026-03-05 08:00', { type: 'VoiceAttachmentAdded', data })]
    const asked = { now: '2026-03-05 09:00', by: dealer() }
    const command = { ...giveBack, attachmentIds: [attachmentId] }
    given(withMeeting).when(command, asked).thenRefused('voice_unknown_attachment', '#/attachmentIds/0')
    const after = returned()
    given(attached)
      .when(command, asked)
      .then({ ...after, data: { ...after.data, attachmentIds: [attachmentId] } } as VoiceEvent)
    const removed = at('2026-03-05 08:30', {
      type: 'VoiceAttachmentRemoved',
      data: { month, attachmentId, text: sealed('错') },
    })
    given(attached, removed).when(command, asked).thenRefused('voice_unknown_attachment', '#/attachmentIds/0')
  })
})

describe('the audit', () => {
  const asked = { now: '2026-03-06 09:00', by: hq }

  test('accepts: the report is due three days after the last plan ends', () =>
    given(withReturn)
      .when(accept, asked)
      .then(...running.slice(-1).map(({ event }) => event)))

  test('accepts after the plans have ended: the report is due three days later', () =>
    given(withReturn)
      .when(accept, { now: '2026-04-20 09:00', by: hq })
      .then({
        type: 'VoiceSheetAudited',
        data: {
          month,
          decision: 'accepted',
          text: null,
          clock: clock('2026-04-20 09:00', '2026-04-24 00:00', 3),
        },
      }))

  test('sends back with a reason, and not without one', () => {
    const back = { ...accept, decision: 'sent_back' as const }
    given(withReturn).when(back, asked).thenRefused('voice_reason_required', '#/reason')
    given(withReturn)
      .when({ ...back, text: sealed('措施不具体') }, asked)
      .then(sentBack())
  })
})

describe('a plan', () => {
  const changed = (endsOn: string, due: string | null): VoiceEvent => ({
    type: 'VoicePlanChanged',
    data: {
      month,
      itemId: one,
      endsOn,
      text: sealed('延期'),
      clock: due === null ? null : clock('2026-03-06 09:00', due, 3),
    },
  })

  test('is moved, and with the last one the report', () => {
    given(running)
      .when(change, { now: '2026-03-10 09:00', by: dealer() })
      .then(changed('2026-03-25', '2026-04-08 00:00'))
    const both = [
      ...running,
      ...at('2026-03-09 09:00', {
        type: 'VoicePlanChanged',
        data: {
          ...{ month, itemId: two, endsOn: '2026-03-10', text: sealed('提前') },
          clock: clock('2026-03-06 09:00', '2026-03-24 00:00', 3),
        },
      }),
    ]
    given(both)
      .when(change, { now: '2026-03-10 09:00', by: dealer() })
      .then(changed('2026-03-25', '2026-03-29 00:00'))
  })

  test('keeps its end where only the words change', () => {
    given(running)
      .when({ ...change, endsOn: null }, { now: '2026-03-21 09:00', by: dealer() })
      .then(changed('2026-03-20', null))
    given(running)
      .when({ ...change, endsOn: '2026-03-20' }, { now: '2026-04-10 09:00', by: dealer() })
      .then(changed('2026-03-20', null))
  })

  test('does not end later than a month after the meeting, nor in the past', () => {
    const asked = { now: '2026-03-10 09:00', by: dealer() }
    given(running)
      .when({ ...change, endsOn: '2026-04-05' }, asked)
      .thenRefused('voice_plan_end_too_late', '#/endsOn')
    given(running)
      .when({ ...change, endsOn: '2026-03-09' }, asked)
      .thenRefused('voice_plan_end_too_early', '#/endsOn')
  })

  test('is not moved once all have ended', () => {
    given(running)
      .when(change, { now: '2026-04-05 00:00', by: dealer() })
      .thenRefused('voice_plans_ended', '#/endsOn')
  })

  test('of an item that is not on the sheet is absent', () =>
    given(running)
      .when({ ...change, itemId: 'D001.2026-02.7' }, { now: '2026-03-10 09:00', by: dealer() })
      .thenRefused('voice_item_not_found'))
})

describe('the report', () => {
  const asked = { now: '2026-04-06 09:00', by: dealer() }

  test('is one text, or one for each item', () => {
    given(running).when(report, asked).then(reported())
    given(running)
      .when({ ...report, itemIds: [two, one] }, asked)
      .then(reported())
    given(running)
      .when({ ...report, itemIds: [two] }, asked)
      .thenRefused('voice_result_missing', '#/results')
    given(running)
      .when({ ...report, itemIds: [two, one, two] }, asked)
      .thenRefused('voice_result_twice', '#/results/2/itemId')
    given(running)
      .when({ ...report, itemIds: ['D002.2026-02.1'] }, asked)
      .thenRefused('voice_item_not_on_sheet', '#/results/0/itemId')
  })
})

describe('the judgement', () => {
  const asked = { now: '2026-04-08 09:00', by: hq }

  test('is given once an item, after the report', () => {
    given(withReport).when(judge, asked).then(judged(one, true))
    given(running).when(judge, asked).thenRefused('voice_wrong_status')
    given(closed).when(judge, asked).thenRefused('voice_already_judged')
    given(closed)
      .when({ ...judge, effective: false }, asked)
      .thenRefused('voice_already_judged')
    given(withReport)
      .when({ ...judge, itemId: 'D001.2026-02.3' }, asked)
      .thenRefused('voice_item_not_on_sheet', '#/itemId')
    given(withReport)
      .when(judge, { ...asked, by: dealer() })
      .thenRefused('role_not_allowed')
  })
})

describe('publishing', () => {
  const asked = { now: '2026-04-09 09:00', by: hq }
  const booked = (amount: number): VoiceEvent[] => [
    { type: 'VoiceCasePublished', data: { itemId: one, amount, text: sealed('交车不等候') } },
    {
      type: 'VoiceEntryBooked',
      data: {
        entryId: `${one}.published`,
        month,
        kind: 'published',
        itemId: one,
        indicator: '交车过程',
        late: null,
        amount,
        policyVersion: 4,
      },
    },
  ]

  test('takes any amount of the policy’s range, and none outside', () => {
    for (const amount of [500, 800, 1_000])
      given(closed)
        .when({ ...publish, amount }, asked)
        .then(...booked(amount))
    for (const amount of [0, 499, 1_001, -800])
      given(closed)
        .when({ ...publish, amount }, asked)
        .thenRefused('voice_amount_outside_range', '#/amount')
    given(closed)
      .when({ ...publish, amount: 2_000 }, { ...asked, master: masterOf({ publishedTo: 2_000 }) })
      .then(...booked(2_000))
  })

  test('is for what was judged effective, once', () => {
    given(closed)
      .when({ ...publish, itemId: two }, asked)
      .thenRefused('voice_not_effective')
    given(withReport).when(publish, asked).thenRefused('voice_not_effective')
    given(closed, at('2026-04-08 10:00', ...booked(500)))
      .when(publish, asked)
      .thenRefused('voice_already_published')
    given(closed)
      .when(publish, { ...asked, by: rbo() })
      .thenRefused('role_not_allowed')
  })
})
