/** When a ticket raises an early warning, and to whom (rulebook §7). */
import type { Flag, HolderTier, Tier, WarningCode } from '../codes.ts'
import type { Instant } from '../instant.ts'
import type { Master } from '../master.ts'
import type { SealedText } from '../sealed.ts'
import { acknowledgeDue } from './clocks.ts'
import type { TicketEvent, Unit } from './events.ts'
import { type Assignment, currentAssignment, currentWarnings, isOpen, type Ticket } from './state.ts'

export const warningOfFlag = {
  no_contact: 'W3',
  agitated: 'W4',
  media: 'W5',
  hq_special: 'W6',
} as const satisfies Record<Flag, WarningCode>

const nextTier: Record<HolderTier, Tier> = { dealer: 'rbo', rbo: 'se', se: 'sa', se_media: 'sa' }
/** Units with one desk. */
const desks: Record<Exclude<Tier, 'dealer' | 'rbo'>, string> = { se: 'SE', se_media: 'SE_MEDIA', sa: 'SA' }

/** The name of the one desk of a brand-level tier. */
export const deskOf = (tier: Exclude<Tier, 'dealer' | 'rbo'>): string => desks[tier]

type Holder = Pick<Assignment, 'tier' | 'rbo'>

const unitAt = (tier: Tier, holder: Holder): Unit =>
  tier === 'rbo' ? { tier, unit: holder.rbo as string } : { tier, unit: desks[tier as keyof typeof desks] }

/** The unit above the holder. */
export const nextUnitOf = (holder: Holder): Unit => unitAt(nextTier[holder.tier], holder)

/** Whether a warning goes to the unit above the holder, or past the RBO to the brand's SE. */
const sentTo: Record<WarningCode, 'next' | 'brand'> = {
  W1: 'next',
  W2: 'next',
  W3: 'next',
  W4: 'next',
  W5: 'brand',
  W6: 'brand',
}

/** Whom a warning of that code goes to. */
export const recipientOf = (code: WarningCode, holder: Holder): Unit => {
  const next = nextTier[holder.tier]
  return unitAt(sentTo[code] === 'brand' && next === 'rbo' ? 'se' : next, holder)
}

/** What gave cause to look: a follow-up phone call, a change of state or holder, or what the customer said. */
export type Occasion = { call: boolean; change: boolean; flags: readonly Flag[] }

const dueCodes = (ticket: Ticket, occasion: Occasion, master: Master): WarningCode[] => {
  const { warnCalls } = master.policy.values
  const known = currentWarnings(ticket)
  const isDue = (code: WarningCode, byCalls: boolean): boolean => {
    const same = known.filter((warning) => warning.code === code)
    const open = same.some((warning) => warning.resolvedAt === null)
    // once resolved, W1 and W2 arise again on the next call only, not because the state changed
    return !open && (!byCalls || occasion.call || (occasion.change && same.length === 0))
  }
  const codes: WarningCode[] = []
  if (ticket.state === 'unhandled' && ticket.calls >= warnCalls.W1 && isDue('W1', true)) codes.push('W1')
  if (ticket.state === 'in_progress' && ticket.calls >= warnCalls.W2 && isDue('W2', true)) codes.push('W2')
  const flagged = [...new Set(occasion.flags.map((flag) => warningOfFlag[flag]))].sort()
  return [...codes, ...flagged.filter((code) => isDue(code, false))]
}

/** A warning raised now on the current assignment; `count` tells several raised by one act apart. */
export const raiseWarning = (
  ticket: Ticket,
  { code, byHand, text }: { code: WarningCode; byHand: boolean; text: SealedText | null },
  { master, now, count = 0 }: { master: Master; now: Instant; count?: number },
): TicketEvent => {
  const holder = currentAssignment(ticket)
  const sentTo = recipientOf(code, holder)
  const { dueAt, provisional } = acknowledgeDue(master, sentTo, now)
  return {
    type: 'WarningRaised',
    data: {
      warningId: `${ticket.ticketNo}-${ticket.warnings.length + count + 1}`,
      code,
      byHand,
      from: { tier: holder.tier, unit: holder.unit },
      sentTo,
      ackDueAt: dueAt,
      ...(provisional && { provisional: true as const }),
      text,
    },
  }
}

/** The warnings that `ticket`, as it is after the act, raises on this occasion; none where it is not open. */
export const judgeWarnings = (
  ticket: Ticket,
  occasion: Occasion,
  context: { master: Master; now: Instant },
): TicketEvent[] =>
  isOpen(ticket)
    ? dueCodes(ticket, occasion, context.master).map((code, count) =>
        raiseWarning(ticket, { code, byHand: false, text: null }, { ...context, count }),
      )
    : []
