/** The acts on sheets that the console offers are those that the domain lets the user do; and the days left of a step. */
import { describe, expect, it } from '@jest/globals'
import type { Me } from '../../api/console/page/session/claims.ts'
import { daysCounted, daysLeft, endOfDay } from '../../api/console/page/voice/due.ts'
import {
  itemRights,
  mayAttachToSheet,
  mayOpenSheet,
  mayRemoveFromSheet,
  mayReverse,
  sheetRights,
  waitingFor,
} from '../../api/console/page/voice/rights.ts'
import { type Action, type Actor, type Role, roles } from '../../domain/authority.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mayAt } from '../../domain/scope.ts'
import type { VoiceSheetStatus } from '../../domain/voice/codes.ts'
import type { VoiceCommand } from '../../domain/voice/commands.ts'
import { itemOf, placeOfSheet, sheetOf, type Voice } from '../../domain/voice/state.ts'
import {
  at,
  dealer,
  decideVoice,
  foldVoice,
  instant,
  judged,
  late,
  meet,
  month,
  of,
  one,
  rbo,
  running,
  sealed,
  sheetId,
  type TimedVoiceEvent,
  two,
  withMeeting,
  withReport,
  withReturn,
  withSheet,
} from '../domain/voice/givenVoice.ts'

const text = sealed('words')
const sentBack: TimedVoiceEvent[] = [
  ...withReturn,
  ...at('2026-03-06 09:00', {
    type: 'VoiceSheetAudited',
    data: {
      month,
      decision: 'sent_back',
      text,
      clock: {
        startedAt: instant('2026-03-06 09:00'),
        dueAt: instant('2026-03-09 00:00'),
        days: 2,
        policyVersion: 4,
      },
    },
  }),
]
const oneJudged = [...withReport, ...at('2026-04-07 09:00', judged(one, true))]
const closed = [...oneJudged, ...at('2026-04-07 09:05', judged(two, false))]

/** A sheet in every state, and an instant at which everything may be done that its state allows. */
const sheets: Record<string, { happened: readonly TimedVoiceEvent[]; now: string }> = {
  sent: { happened: withSheet, now: '2026-03-05 10:00' },
  met: { happened: withMeeting, now: '2026-03-05 10:00' },
  returned: { happened: withReturn, now: '2026-03-06 10:00' },
  'sent back': { happened: sentBack, now: '2026-03-07 10:00' },
  running: { happened: running, now: '2026-03-10 10:00' },
  reported: { happened: withReport, now: '2026-04-08 10:00' },
  'reported, one item effective': { happened: oneJudged, now: '2026-04-08 10:00' },
  closed: { happened: closed, now: '2026-04-08 10:00' },
}

const people: Actor[] = [
  ...(Object.keys(roles) as Role[])
    .filter((role) => role !== 'dealer' && role !== 'rbo')
    .map((role) => of(role)),
  dealer(),
  dealer('D002'),
  rbo(),
  rbo('NORTH'),
  { ...of('dealer', 'hq_sales'), dealer: 'D001' },
]

const meOf = ({ id, roles: held, dealer: own, rbo: region }: Actor): Me => ({
  sub: id,
  roles: held,
  dealer: own ?? null,
  rbo: region ?? null,
  expiresAt: 0,
})

const sheetActs: Record<keyof typeof sheetRights, VoiceCommand> = {
  meeting: { ...meet, heldAt: instant('2026-03-04 15:00') },
  return: { type: 'ReturnSheet', month, attachmentIds: [], text },
  audit: { type: 'AuditSheet', month, decision: 'accepted', text: null },
  'follow-ups': { type: 'FollowUp', month, text },
  report: { type: 'ReportResult', month, itemIds: null, text },
}
const itemActs: Record<keyof typeof itemRights, (itemId: string) => VoiceCommand> = {
  plans: (itemId) => ({ type: 'ChangePlan', month, itemId, endsOn: null, text }),
  judge: (itemId) => ({ type: 'JudgeItem', month, itemId, effective: true, text: null }),
  publish: (itemId) => ({ type: 'PublishCase', month, itemId, amount: 800, text }),
}

/** The scope of a write on a sheet is the API's matter. */
const actions: Record<string, Action> = {
  meeting: 'improve_voice',
  return: 'improve_voice',
  audit: 'keep_voice',
  'follow-ups': 'follow_voice',
  report: 'improve_voice',
  plans: 'improve_voice',
  judge: 'keep_voice',
  publish: 'keep_voice',
}

type RightsCase = { happened: readonly TimedVoiceEvent[]; now: string; by: Actor }

const isDone = (command: VoiceCommand, { happened, now, by }: RightsCase): boolean => {
  try {
    return decideVoice(happened, command, { now, by }).length > 0
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

const sheetIn = (happened: readonly TimedVoiceEvent[]) => sheetOf(foldVoice(happened), month)!
const itemIn = (happened: readonly TimedVoiceEvent[], itemId: string) => {
  const { judged: judgement, published } = itemOf(foldVoice(happened) as Voice, itemId)!
  return {
    judgement: judgement && { ...judgement, note: null },
    published: published && { ...published, title: null },
  }
}

describe.each(Object.entries(sheets))('a sheet %s', (_, { happened, now }) => {
  const sheet = sheetIn(happened)

  it.each(Object.entries(sheetActs))('is offered %s to exactly those who may', (name, command) => {
    for (const by of people) {
      const may =
        mayAt(by, actions[name] as Action, placeOfSheet(sheet)) && isDone(command, { happened, now, by })
      expect([by.id, sheetRights[name as keyof typeof sheetRights](sheet, meOf(by))]).toEqual([by.id, may])
    }
  })

  it.each(Object.entries(itemActs))('has items offered %s to exactly those who may', (name, commandOf) => {
    for (const by of people)
      for (const itemId of [one, two]) {
        const may =
          mayAt(by, actions[name] as Action, placeOfSheet(sheet)) &&
          isDone(commandOf(itemId), { happened, now, by })
        const offered = itemRights[name as keyof typeof itemRights](sheet, itemIn(happened, itemId), meOf(by))
        expect([by.id, itemId, offered]).toEqual([by.id, itemId, may])
      }
  })

  it('takes files of exactly those who may add one, and shows what was written to those who may read it', () => {
    const attachment = {
      attachmentId: '00000000-0000-4000-8000-000000000001',
      mediaType: 'text/plain' as const,
      bytes: 1,
    }
    for (const by of people) {
      const adds =
        mayAt(by, 'improve_voice', placeOfSheet(sheet)) &&
        isDone({ type: 'AddAttachment', month, ...attachment, text }, { happened, now, by })
      const reads = (['see_personal_data', 'keep_voice'] as const).some((action) =>
        mayAt(by, action, placeOfSheet(sheet)),
      )
      const removes = mayAt(by, 'remove_attachment', placeOfSheet(sheet))
      expect([
        by.id,
        mayAttachToSheet(sheet, meOf(by)),
        mayOpenSheet(sheet, meOf(by)),
        mayRemoveFromSheet(meOf(by)),
      ]).toEqual([by.id, adds, reads, removes])
    }
  })
})

it('an entry is offered to be reversed to HQ alone, once', () => {
  const happened = [...withSheet, ...at('2026-03-06 10:00', late('meeting', '2026-03-06 00:00'))]
  const entryId = `${sheetId}.late`
  const command: VoiceCommand = { type: 'ReverseEntry', entryId, text }
  for (const by of people) {
    const may = isDone(command, { happened, now: '2026-03-07 10:00', by })
    expect([by.id, mayReverse({ kind: 'late', reversedAt: null }, meOf(by))]).toEqual([by.id, may])
  }
  const hq = meOf(of('hq_sales'))
  expect(mayReverse({ kind: 'late', reversedAt: '2026-03-07T00:00:00.000Z' }, hq)).toBe(false)
  expect(mayReverse({ kind: 'reversal', reversedAt: null }, hq)).toBe(false)
})

it('what waits for a role are the states in which it has an act of its own', () => {
  const statuses: VoiceSheetStatus[] = ['sent', 'met', 'returned', 'sent_back', 'running', 'reported']
  const whose: [keyof typeof waitingFor, Actor][] = [
    ['dealer', dealer()],
    ['rbo', rbo()],
    ['hq_sales', of('hq_sales')],
  ]
  for (const [role, actor] of whose) {
    const acting = statuses.filter((status) => {
      const sheet = { dealer: 'D001', rbo: 'EAST', status }
      const item = { judgement: null, published: null }
      return (
        Object.values(sheetRights).some((may) => may(sheet, meOf(actor))) ||
        Object.values(itemRights).some((may) => may(sheet, item, meOf(actor)))
      )
    })
    expect([role, [...(waitingFor[role] ?? [])].sort()]).toEqual([role, acting.sort()])
  }
})

describe('the natural days of a step', () => {
  const epoch = (time: string): number => Date.parse(instant(time))
  const dueAt = epoch('2026-03-06 00:00')

  it('are those after today, and none on the last day', () => {
    expect(daysLeft(dueAt, epoch('2026-03-02 10:00'))).toEqual({ kind: 'left', days: 3 })
    expect(daysLeft(dueAt, epoch('2026-03-05 23:59'))).toEqual({ kind: 'left', days: 0 })
  })

  it('are over from the first instant that is too late', () => {
    expect(daysLeft(dueAt, dueAt)).toEqual({ kind: 'overdue', days: 0 })
    expect(daysLeft(dueAt, epoch('2026-03-08 09:00'))).toEqual({ kind: 'overdue', days: 2 })
  })

  it('are told as the clock counted them', () => {
    expect(daysCounted(epoch('2026-03-02 10:00'), dueAt)).toBe(3)
    expect(daysCounted(endOfDay('2026-04-04'), epoch('2026-04-08 00:00'))).toBe(3)
  })
})
