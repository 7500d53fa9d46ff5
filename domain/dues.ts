/**
 * Deadlines that have passed, as facts (design: Time). They show in the timeline and are announced; they change no
 * verdict, no ticket's version and no view that commands read.
 */

import { z } from 'zod'
import { codesOf } from './codeList.ts'
import type { Desk } from './desk.ts'
import { instantSchema, monthOf } from './instant.ts'
import type { Words } from './refusal.ts'
import { ticketNoSchema } from './ticket/events.ts'

/** The clocks of tickets, inquiries, care tasks and sheets of customer voice whose dues become facts (rulebook §5, §7, §11, §12, §15, §16). */
export const dueClocks = {
  response: { en: 'response', zh: '响应' },
  close: { en: 'closing', zh: '封闭' },
  responsible_response: { en: 'response of the responsible dealer', zh: '责任经销商响应' },
  responsible_close: { en: 'closing for the responsible dealer', zh: '责任经销商封闭' },
  acknowledge: { en: 'acknowledgement of a warning', zh: '预警确认' },
  callback: { en: 'callback', zh: '回访' },
  consumer_notice: { en: 'notice to the consumer', zh: '告知消费者' },
  media_feedback: { en: 'answer to the medium', zh: '答复媒体' },
  inquiry_answer: { en: 'answer to an inquiry', zh: '咨询答复' },
  inquiry_relay: { en: 'passing an answer on to the customer', zh: '咨询回复客户' },
  care_task: { en: 'care call', zh: '关怀回访' },
  care_triage: { en: 'judgement of a dissatisfied customer', zh: '不满意客户处理' },
  voice_meeting: { en: 'improvement meeting', zh: '客户声音改进会议' },
  voice_return: { en: 'return of the sheet', zh: '客户声音改进单返回' },
  voice_audit: { en: 'audit of the sheet', zh: '客户声音改进单审核' },
  voice_report: { en: 'report of the result', zh: '客户声音结果报告' },
} as const satisfies Record<string, Words>
export type DueClock = keyof typeof dueClocks
export const dueClockSchema = z.enum(codesOf(dueClocks))

/** Clocks of a desk that the policy may switch off: nothing is due there while it is. */
export const deskOfClock: Partial<Record<DueClock, Desk>> = {
  care_task: 'care',
  care_triage: 'care',
  voice_meeting: 'voice',
  voice_return: 'voice',
  voice_audit: 'voice',
  voice_report: 'voice',
}

/** One due of one clock. Together these fields say which due it is; `recalculate` makes another one. */
const due = {
  /** Of an inquiry's clock the inquiry's number, `Q…`; of a care task's the vehicle's id; of a sheet's the sheet's. */
  ticketNo: ticketNoSchema,
  /** The number of the ticket, inquiry or sheet; the id of a warning or care task. */
  subject: z.string(),
  clock: dueClockSchema,
  /** When the clock was started: tells the assignments of a ticket apart. */
  startedAt: instantSchema,
  dueAt: instantSchema,
  /** Whose clock it is. */
  unit: z.string().nullable(),
}

/** The events of the streams `dues-<year>-<month>`, and of stream `dues`, which holds `DuesBegan`: the newest counts. */
export const dueEventData = {
  /** From when on dues become facts. Those that were due before are computed only. */
  DuesBegan: z.strictObject({}),
  DuePassed: z.strictObject(due),
  /** The due comes near (policy `headsUp`). */
  DueNear: z.strictObject(due),
}

type Data = typeof dueEventData
export type DueEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]
export type DueFact = Exclude<DueEvent, { type: 'DuesBegan' }>
export type DueData = DueFact['data']

export const duesBeganStream = 'dues'

const prefix = 'dues-'
/**
 * The stream of a fact: one for each month of Shanghai in which dues lie. It depends on the due alone, so that nodes
 * whose clocks differ over midnight append the same fact to the same stream, and one of them loses the race.
 */
export const duesStream = ({ dueAt }: Pick<DueData, 'dueAt'>): string => prefix + monthOf(dueAt)
export const isDuesStream = (stream: string): boolean =>
  stream.startsWith(prefix) || stream === duesBeganStream

/** Who records facts. */
export const factActor = { id: 'system', role: 'system' } as const

/** Most facts of one append. */
export const mostFactsPerAppend = 1_000

/** What names a fact: the same due gives the same parts on every node. */
export const factKey = ({ type, data }: DueFact): string[] => [
  type,
  data.subject,
  data.clock,
  data.startedAt,
  data.dueAt,
]

/** Whether an event is the fact of a due: it is in a stream of dues, and moves no ticket. */
export const isDueFact = ({ type }: { type: string }): boolean => type === 'DuePassed' || type === 'DueNear'
