/**
 * Given, when, then on a dealer's customer voice: real `evolve`, `authorise` and `decide`, exact events in order, each
 * parsed by its schema. The story is of dealer D001 of RBO EAST and the sheet of 2026-02, sent on Monday, 2026-03-02 at
 * 10:00 in Shanghai.
 */
import { expect } from '@jest/globals'
import type { Actor } from '../../../domain/authority.ts'
import type { Master } from '../../../domain/master.ts'
import { defaultPolicy } from '../../../domain/policy.ts'
import { Refusal, type RefusalCode } from '../../../domain/refusal.ts'
import type { VoiceCommand, VoiceCommandOf } from '../../../domain/voice/commands.ts'
import { type VoiceDataOf, type VoiceEvent, voiceEventData } from '../../../domain/voice/events.ts'
import { evolveVoice } from '../../../domain/voice/evolve.ts'
import type { VoicePolicy } from '../../../domain/voice/policy.ts'
import type { Voice } from '../../../domain/voice/state.ts'
import { voiceAggregate } from '../../../domain/voice/voice.ts'
import { dealer, instant, masterWith, of, rbo, sealed } from '../../support/given.ts'

export { dealer, instant, of, rbo, sealed }
export const hq = of('hq_sales')

export type TimedVoiceEvent = { time: string; event: VoiceEvent; actor?: string }
export const at = (time: string, ...events: VoiceEvent[]): TimedVoiceEvent[] =>
  events.map((event) => ({ time, event }))

export const masterOf = (voice: Partial<VoicePolicy> = {}): Master =>
  masterWith({ voice: { ...defaultPolicy.voice, ...voice } })

const valid = ({ type, data }: VoiceEvent): void =>
  expect([type, voiceEventData[type].parse(data)]).toStrictEqual([type, data])

export const foldVoice = (happened: readonly TimedVoiceEvent[]): Voice | null =>
  happened.reduce<Voice | null>((state, { time, event, actor = 'somebody' }) => {
    valid(event)
    return evolveVoice(state, event, { recordedAt: instant(time), actor: { id: actor, role: 'hq_sales' } })
  }, null)

type CommandOptions = { now: string; by: Actor; master?: Master }

export const decideVoice = (
  happened: readonly TimedVoiceEvent[],
  command: VoiceCommand,
  { now, by, master = masterOf() }: CommandOptions,
): VoiceEvent[] => {
  const state = foldVoice(happened)
  voiceAggregate.authorise(state, command, by)
  const events = voiceAggregate.decide(state, command, { now: instant(now), master })
  for (const event of events) valid(event)
  return events
}

export const given = (...happened: (readonly TimedVoiceEvent[])[]) => ({
  when: (command: VoiceCommand, asked: CommandOptions) => {
    const decided = (): VoiceEvent[] => decideVoice(happened.flat(), command, asked)
    const then = (...events: VoiceEvent[]): void => expect(decided()).toStrictEqual(events)
    const thenRefused = (code: RefusalCode, pointer?: string): void => {
      try {
        decided()
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        expect([error.code, error.pointer]).toEqual([code, pointer])
        return
      }
      throw new Error(`it was not refused with ${code}`)
    }
    return { then, thenNothing: () => then(), thenRefused }
  },
})

// --- the story

export const month = '2026-02'
export const sheetId = 'D001.2026-02'
export const [one, two] = [`${sheetId}.1`, `${sheetId}.2`] as const

/** `n`: which of the month; the text, number and key follow from it. */
export const entered = (
  itemId: string,
  more: Partial<VoiceDataOf<'VoiceItemEntered'>> = {},
): Extract<VoiceEvent, { type: 'VoiceItemEntered' }> => ({
  type: 'VoiceItemEntered',
  data: {
    itemId,
    month: itemId.split('.')[1] ?? '',
    externalNo: null,
    subjectId: `s-${itemId}`,
    survey: 'SSI',
    indicator: '交车过程',
    score: 6,
    text: sealed('等了两个小时'),
    call: { commandId: itemId, index: 0 },
    ...more,
  },
})

export const clock = (started: string, due: string, days: number) => ({
  startedAt: instant(started),
  dueAt: instant(due),
  days,
  policyVersion: 4,
})

export const sent = (more: Partial<VoiceDataOf<'VoiceSheetSent'>> = {}): VoiceEvent => ({
  type: 'VoiceSheetSent',
  data: {
    month,
    subjectId: 's1',
    rbo: 'EAST',
    itemIds: [one, two],
    clock: clock('2026-03-02 10:00', '2026-03-06 00:00', 3),
    ...more,
  },
})

export const plan = (itemId: string, endsOn: string) => ({ itemId, endsOn, text: sealed('措施') })
export const meet: VoiceCommandOf<'RecordMeeting'> = {
  type: 'RecordMeeting',
  month,
  heldAt: instant('2026-03-04 15:00'),
  plans: [plan(one, '2026-03-20'), plan(two, '2026-04-04')],
  text: sealed('与会人员'),
}
export const met = (): VoiceEvent => ({
  type: 'VoiceMeetingRecorded',
  data: {
    month,
    heldAt: meet.heldAt,
    plans: [...meet.plans],
    text: meet.text,
    clock: clock('2026-03-04 15:00', '2026-03-07 00:00', 2),
  },
})
export const returned = (time = '2026-03-05 09:00', due = '2026-03-09 00:00'): VoiceEvent => ({
  type: 'VoiceSheetReturned',
  data: { month, attachmentIds: [], text: sealed('张总'), clock: clock(time, due, 3) },
})
export const accepted = (): VoiceEvent => ({
  type: 'VoiceSheetAudited',
  data: {
    month,
    decision: 'accepted',
    text: null,
    clock: clock('2026-03-06 09:00', '2026-04-08 00:00', 3),
  },
})
export const reported = (): VoiceEvent => ({
  type: 'VoiceResultReported',
  data: { month, text: sealed('已改进') },
})
export const judged = (itemId: string, effective: boolean): VoiceEvent => ({
  type: 'VoiceItemJudged',
  data: { itemId, effective, text: null },
})

export const withItems = at('2026-03-01 10:00', entered(one), entered(two, { indicator: '价格', score: 9 }))
export const withSheet = [...withItems, ...at('2026-03-02 10:00', sent())]
export const withMeeting = [...withSheet, ...at('2026-03-04 16:00', met())]
export const withReturn = [...withMeeting, ...at('2026-03-05 09:00', returned())]
export const running = [...withReturn, ...at('2026-03-06 09:00', accepted())]
export const withReport = [...running, ...at('2026-04-06 09:00', reported())]

export const late = (step: 'meeting' | 'return', due: string, amount = -1_000): VoiceEvent => ({
  type: 'VoiceEntryBooked',
  data: {
    entryId: `${sheetId}.late`,
    month,
    kind: 'late',
    itemId: null,
    indicator: null,
    late: { step, dueAt: instant(due) },
    amount,
    policyVersion: 4,
  },
})
