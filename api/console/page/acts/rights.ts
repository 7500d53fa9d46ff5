/**
 * Which acts a user may do on a ticket now (rulebook §2, §4), so that none is offered that would be refused: pure
 * functions. The service judges again.
 */
import type { Role } from '../../../../domain/authority.ts'
import type { LetterKind, RecordKind } from '../../../../domain/codes.ts'
import type { ActName } from '../../../commands/tickets/ticketCommands.ts'
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import type { Me } from '../session/claims.ts'

/** What of a ticket decides. */
export type Case = Pick<
  TicketAnswer,
  | 'state'
  | 'level'
  | 'holder'
  | 'dealer'
  | 'rbo'
  | 'responsibleDealer'
  | 'assignee'
  | 'closeDueAt'
  | 'dispatchedAt'
  | 'escalatedTo'
>

/** `now`: epoch milliseconds. */
export type May = (ticket: Case, me: Me, now: number) => boolean

const has = ({ roles }: Me, ...any: Role[]): boolean => roles.some((role) => any.includes(role))
const ofCsc = (me: Me): boolean => has(me, 'csr', 'csr_media', 'csc_system')

const isOpen = ({ state }: Case): boolean => state === 'unhandled' || state === 'in_progress'
const isOver = ({ state }: Case): boolean => state === 'rescinded' || state === 'duplicate'

/** Whether the user is of the people of that unit. */
export const isOfUnit = (me: Me, { tier, unit }: { tier: string; unit: string }): boolean => {
  if (!me.roles.some((role) => role === tier)) return false
  if (tier === 'dealer') return me.dealer === unit
  return tier === 'rbo' ? me.rbo === unit : true
}

const isHolder = ({ holder }: Case, me: Me): boolean => isOfUnit(me, holder)

/** On a B or C ticket the responsible dealer's people respond and record beside the holder's. */
const isHolderOrResponsible = (ticket: Case, me: Me): boolean => {
  const { responsibleDealer } = ticket
  return (
    isHolder(ticket, me) ||
    (responsibleDealer !== null && isOfUnit(me, { tier: 'dealer', unit: responsibleDealer }))
  )
}

const inProgress = ({ state }: Case): boolean => state === 'in_progress'
const asWork: May = (ticket, me) => inProgress(ticket) && isHolderOrResponsible(ticket, me)
const asHelp: May = (ticket, me) =>
  inProgress(ticket) && ticket.holder.tier === 'dealer' && isHolder(ticket, me)
const asFeedback: May = ({ state, level }, me) =>
  state === 'completed' && level !== 'A' && has(me, 'se_media')

const recordRights: Record<RecordKind, May> = {
  investigation: asWork,
  plan_proposed: asWork,
  plan_agreed: asWork,
  plan_declined: asWork,
  measure: asWork,
  gm_informed: asWork,
  rbo_support_requested: asHelp,
  major_issue_reported: asHelp,
  written_report: asWork,
  consumer_informed: (ticket, me) => isOpen(ticket) && (ofCsc(me) || isHolderOrResponsible(ticket, me)),
  hq_feedback: asFeedback,
  media_feedback: asFeedback,
}

/** The kinds of records that the user may add now. */
export const recordKindsFor = (ticket: Case, me: Me, now: number): string[] =>
  Object.entries(recordRights)
    .filter(([, may]) => may(ticket, me, now))
    .map(([kind]) => kind)

const takesOut: May = ({ state }, me) =>
  state === 'completed'
    ? has(me, 'sa')
    : (state === 'unhandled' || state === 'in_progress') && has(me, 'csc_supervisor', 'se', 'sa')

const byAct = {
  responses: (ticket, me) => isOpen(ticket) && isHolderOrResponsible(ticket, me),
  records: (ticket, me, now) => recordKindsFor(ticket, me, now).length > 0,
  close: (ticket, me) => inProgress(ticket) && isHolder(ticket, me),
  claim: (ticket, me) =>
    isOpen(ticket) && isHolder(ticket, me) && (ticket.assignee === null || ticket.assignee === me.sub),
  release: (ticket, me) => isOpen(ticket) && isHolder(ticket, me) && ticket.assignee !== null,
  contacts: (ticket, me) => isOpen(ticket) && ofCsc(me),
  callbacks: ({ state }, me) => state === 'completed' && ofCsc(me),
  redispatch: (ticket, me) => isOpen(ticket) && ticket.level === 'A' && ofCsc(me),
  reclassify: (ticket, me) => isOpen(ticket) && ticket.level === 'A' && has(me, 'csr', 'se', 'sa'),
  warnings: (ticket, me) => isOpen(ticket) && has(me, 'csr', 'se'),
  'responsible-dealer': (ticket, me) => isOpen(ticket) && ticket.level === 'B' && has(me, 'se_media'),
  'convert-to-c': (ticket, me, now) =>
    isOpen(ticket) &&
    ticket.level === 'B' &&
    has(me, 'sa') &&
    ticket.closeDueAt !== null &&
    now >= Date.parse(ticket.closeDueAt),
  'repeat-link': ({ state, escalatedTo }, me) => state === 'completed' && escalatedTo === null && ofCsc(me),
  'repeat-unlink': ({ escalatedTo }, me) => escalatedTo !== null && ofCsc(me),
  rescind: takesOut,
  'duplicate-of': takesOut,
  'duplicate-undo': ({ state }, me) => state === 'duplicate' && has(me, 'sa'),
  recalculate: (ticket, me) => !isOver(ticket) && has(me, 'sa'),
  weight: (ticket, me) => !isOver(ticket) && (ofCsc(me) || has(me, 'se', 'sa')),
  correct: (ticket, me) => !isOver(ticket) && ofCsc(me),
} satisfies Partial<Record<ActName, May>>

/** By the path of each write under a ticket that the console offers. */
export const rights: Readonly<Record<keyof typeof byAct, May>> = byAct

/** Whether a role of the user's has the ticket in its own scope: roles do not add up (rulebook §17). */
const seesAs = (ticket: Case, me: Me, role: Role): boolean => {
  const { holder, dealer, rbo, responsibleDealer } = ticket
  if (role === 'dealer') {
    const own = me.dealer
    return own !== null && (isOfUnit(me, holder) || dealer === own || responsibleDealer === own)
  }
  return role !== 'rbo' || (me.rbo !== null && (isOfUnit(me, holder) || rbo === me.rbo))
}

const withoutPerson: readonly Role[] = ['hq_sales', 'admin', 'auditor']

/** Whether any role of the user's sees customers at all. */
export const seesPersons = ({ roles }: Me): boolean => roles.some((role) => !withoutPerson.includes(role))

/** Whether the user sees the ticket's customer, and so its attachments. */
export const maySeePerson = (ticket: Case, me: Me): boolean =>
  me.roles.some((role) => !withoutPerson.includes(role) && seesAs(ticket, me, role))

export const mayAttach = (ticket: Case, me: Me): boolean => !isOver(ticket) && maySeePerson(ticket, me)

export const mayRemoveAttachment = (ticket: Case, me: Me): boolean =>
  !isOver(ticket) && has(me, 'csc_supervisor', 'sa')

/** The kinds of letters the user may write: the holder's to the customer, the brand's to a medium or an authority. */
export const letterKindsFor = (ticket: Case, me: Me): LetterKind[] => {
  if (isOver(ticket)) return []
  return [
    ...(isHolder(ticket, me) ? (['customer'] as const) : []),
    ...(has(me, 'se_media', 'sa') ? (['media', 'authority'] as const) : []),
  ]
}

/** The unit above a holder, to whom warnings of a former assignment go over (rulebook §7). */
const above = ({ holder, rbo }: Case): { tier: string; unit: string } => {
  if (holder.tier === 'dealer') return { tier: 'rbo', unit: rbo ?? '' }
  return holder.tier === 'rbo' ? { tier: 'se', unit: 'SE' } : { tier: 'sa', unit: 'SA' }
}

export type WarningCase = {
  sentTo: { tier: string; unit: string }
  raisedAt: string
  acknowledgedAt: string | null
  resolvedAt: string | null
}

/** Whether the user may acknowledge or resolve that warning now. */
export const maySettle = (
  ticket: Case,
  warning: WarningCase,
  me: Me,
): { acknowledge: boolean; resolve: boolean } => {
  const isFormer = warning.raisedAt < ticket.dispatchedAt
  const units = isFormer ? [warning.sentTo, above(ticket)] : [warning.sentTo]
  const isSettler = has(me, 'rbo', 'se', 'sa') && (has(me, 'sa') || units.some((unit) => isOfUnit(me, unit)))
  const resolve = isSettler && !isOver(ticket) && warning.resolvedAt === null
  return { acknowledge: resolve && warning.acknowledgedAt === null, resolve }
}
