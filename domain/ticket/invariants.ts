/**
 * What must hold of tickets that concern each other, after any acts in any order (rulebook §4, §6, §7, §8). Pure
 * functions: `npm run verify` and the tests of acts at once ask the same ones.
 */
import type { Words } from '../refusal.ts'
import type { TicketNo } from './events.ts'
import { callsOfDuplicate, isOver, type Ticket } from './state.ts'

/** What the invariants look at. */
export type LinkedTicket = Pick<
  Ticket,
  'ticketNo' | 'state' | 'channel' | 'calls' | 'escalatedFrom' | 'escalatedTo' | 'duplicateOf' | 'absorbed'
>

/** Each with what it says of `{ticketNo}` and `{other}`. */
export const violations = {
  repeat_not_mutual: {
    en: 'Ticket {ticketNo} names the repeat {other}, which is not the repeat of {ticketNo}',
    zh: '工单 {ticketNo} 关联重复投诉 {other}，而后者并非其重复投诉',
  },
  earlier_not_mutual: {
    en: 'Ticket {ticketNo} is the repeat of {other}, which does not name it',
    zh: '工单 {ticketNo} 是 {other} 的重复投诉，而后者未关联它',
  },
  repeat_is_over: {
    en: 'The repeat {other} of ticket {ticketNo} is rescinded or a duplicate',
    zh: '工单 {ticketNo} 的重复投诉 {other} 已撤销或为重复工单',
  },
  earlier_not_completed: {
    en: 'Ticket {ticketNo} has the repeat {other} and is not completed',
    zh: '工单 {ticketNo} 已关联重复投诉 {other}，但并未处理完成',
  },
  repeats_in_a_circle: {
    en: 'The repeats of ticket {ticketNo} come back to it by {other}',
    zh: '工单 {ticketNo} 的重复投诉经 {other} 又回到自身',
  },
  survivor_is_over: {
    en: 'Ticket {ticketNo} is a duplicate of {other}, which is rescinded, a duplicate or not there',
    zh: '工单 {ticketNo} 标记为 {other} 的重复工单，而后者已撤销、为重复工单或不存在',
  },
  calls_not_taken_over: {
    en: 'The calls of the duplicate {ticketNo} are not what its survivor {other} took over',
    zh: '重复工单 {ticketNo} 的来电次数与 {other} 并入的次数不符',
  },
  calls_of_no_duplicate: {
    en: 'Ticket {ticketNo} counts the calls of {other}, which is not its duplicate',
    zh: '工单 {ticketNo} 计入了 {other} 的来电，而后者并非其重复工单',
  },
} as const satisfies Record<string, Words>
export type ViolationCode = keyof typeof violations

/** The act that repairs a violation, `POST /v1/tickets/{ticketNo}/{act}`; `other` is the body's `ticketNo`, if any. */
export type Repair = { ticketNo: TicketNo; act: 'repeat-unlink' | 'duplicate-undo'; other: TicketNo | null }

/** `repair` ends this violation; where several hold of a ticket, each has its own. */
export type Violation = { code: ViolationCode; ticketNo: TicketNo; other: TicketNo; repair: Repair }

type Lookup = (ticketNo: TicketNo) => LinkedTicket | null

const unlink = (ticketNo: TicketNo, other: TicketNo): Repair => ({ ticketNo, act: 'repeat-unlink', other })
const undo = (ticketNo: TicketNo): Repair => ({ ticketNo, act: 'duplicate-undo', other: null })
const release = (ticketNo: TicketNo, other: TicketNo): Repair => ({ ticketNo, act: 'duplicate-undo', other })

/** The ticket of a chain of repeats whose repeat was in the chain before; `null`: it ends. */
const circleOf = (ticket: LinkedTicket, lookup: Lookup): TicketNo | null => {
  const seen = new Set<TicketNo>()
  for (let each: LinkedTicket | null = ticket; each !== null; ) {
    seen.add(each.ticketNo)
    const next: TicketNo | null = each.escalatedTo
    if (next === ticket.ticketNo) return each.ticketNo
    each = next === null || seen.has(next) ? null : lookup(next)
  }
  return null
}

const ofRepeat = (ticket: LinkedTicket, lookup: Lookup): Violation[] => {
  const { ticketNo, escalatedTo, state } = ticket
  const found: Violation[] = []
  if (escalatedTo === null) return found
  const repair = unlink(ticketNo, escalatedTo)
  const say = (code: ViolationCode, other: TicketNo = escalatedTo): void => {
    found.push({ code, ticketNo, other, repair })
  }
  const repeat = lookup(escalatedTo)
  if (state !== 'completed') say('earlier_not_completed')
  if (repeat !== null && isOver(repeat)) say('repeat_is_over')
  else if (repeat?.escalatedFrom !== ticketNo) say('repeat_not_mutual')
  const circle = circleOf(ticket, lookup)
  if (circle !== null) say('repeats_in_a_circle', circle)
  return found
}

const ofEarlier = ({ ticketNo, escalatedFrom }: LinkedTicket, lookup: Lookup): Violation[] => {
  if (escalatedFrom === null) return []
  const earlier = lookup(escalatedFrom)
  if (earlier?.escalatedTo === ticketNo) return []
  // only a ticket that exists can be acted on
  const repair = earlier === null ? unlink(ticketNo, escalatedFrom) : unlink(escalatedFrom, ticketNo)
  return [{ code: 'earlier_not_mutual', ticketNo, other: escalatedFrom, repair }]
}

const takenOver = ({ absorbed }: LinkedTicket, duplicate: TicketNo): number | null => {
  const taken = absorbed.filter((each) => each.duplicate === duplicate)
  return taken.length === 0 ? null : taken.reduce((sum, { calls }) => sum + calls, 0)
}

const ofDuplicate = (ticket: LinkedTicket, lookup: Lookup): Violation[] => {
  const { ticketNo, duplicateOf } = ticket
  if (duplicateOf === null) return []
  const survivor = lookup(duplicateOf)
  const found: ViolationCode[] = []
  if (survivor === null || isOver(survivor)) found.push('survivor_is_over')
  if (survivor !== null && takenOver(survivor, ticketNo) !== callsOfDuplicate(ticket))
    found.push('calls_not_taken_over')
  return found.map((code) => ({ code, ticketNo, other: duplicateOf, repair: undo(ticketNo) }))
}

const ofSurvivor = ({ ticketNo, absorbed }: LinkedTicket, lookup: Lookup): Violation[] =>
  absorbed
    .filter(({ duplicate }) => lookup(duplicate)?.duplicateOf !== ticketNo)
    .map(({ duplicate }) => ({
      code: 'calls_of_no_duplicate',
      ticketNo,
      other: duplicate,
      repair: release(ticketNo, duplicate),
    }))

/** What does not hold of this ticket; nothing where all is well. `lookup` gives the tickets it names. */
export const violationsOf = (ticket: LinkedTicket, lookup: Lookup): Violation[] => [
  ...ofRepeat(ticket, lookup),
  ...ofEarlier(ticket, lookup),
  ...ofDuplicate(ticket, lookup),
  ...ofSurvivor(ticket, lookup),
]
