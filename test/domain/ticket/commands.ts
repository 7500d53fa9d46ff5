/** Builders of ticket commands, each by someone who may, at a time on Shanghai's clock. */
import type { Actor } from '../../../domain/authority.ts'
import type { Channel, RecordKind } from '../../../domain/codes.ts'
import type { CommandOf, TicketCommandType } from '../../../domain/ticket/commands.ts'
import type { Registration } from '../../../domain/ticket/events.ts'
import type { Ticket } from '../../../domain/ticket/state.ts'
import { dealer, instant, of, rbo, sealed } from '../../support/given.ts'
import { attached, contacted, detached, registration } from './events.ts'

const ask =
  <T extends TicketCommandType>(type: T, defaults: Omit<CommandOf<T>, 'type' | 'now'>) =>
  (now: string, given: Partial<Omit<CommandOf<T>, 'type' | 'now'>> = {}): CommandOf<T> =>
    ({ type, now: instant(now), ...defaults, ...given }) as CommandOf<T>

const csr = of('csr')
const sa = of('sa')
export const register = (now: string, given: Partial<Registration> = {}, actor = csr) =>
  ask('Register', { actor, registration: registration(given) })(now)
export const respond = ask('RecordResponse', {
  actor: dealer(),
  method: 'phone',
  reached: true,
  promisedReplyAt: null,
  text: sealed('response'),
})
export const record = (now: string, kind: RecordKind, actor: Actor = dealer()) =>
  ask('RecordWork', { actor, kind, text: sealed('work') })(now)
const contactAsked = ask('LogContact', { actor: csr, ...contacted().data })
export const contact = (now: string, given: Parameters<typeof contactAsked>[1] = {}) =>
  contactAsked(now, given)
export const byChannel = (now: string, channel: Channel) => contact(now, { channel })
export const redispatch = ask('Redispatch', {
  actor: csr,
  to: { dealerCode: 'D002' },
  misrouted: false,
  text: sealed('redispatch'),
})
export const reclassify = ask('Reclassify', {
  actor: csr,
  category: 'A4d',
  source: null,
  dealerCode: null,
  text: sealed('reclassify'),
})
export const close = ask('Close', {
  actor: dealer(),
  rootCauseCode: null,
  measuresDoneAt: null,
  text: sealed('closing'),
})
export const callBack = ask('RecordCallback', {
  actor: csr,
  outcome: 'satisfied',
  sameProblem: false,
  repeatExternalNo: null,
  occurredAt: null,
  text: sealed('callback'),
})
export const nameResponsible = ask('NameResponsibleDealer', { actor: of('se_media'), dealerCode: 'D001' })
export const convert = ask('ConvertToC', { actor: sa, text: sealed('convert') })
export const warnByHand = ask('RaiseWarning', { actor: csr, code: 'W1', text: null })
export const acknowledge = ask('AcknowledgeWarning', { actor: rbo(), warningId: 'T1-1', text: null })
export const resolve = ask('ResolveWarning', { actor: rbo(), warningId: 'T1-1', text: sealed('result') })
export const recalculate = ask('Recalculate', { actor: sa, text: sealed('recalculate') })
export const weigh = ask('ChangeWeight', { actor: csr, hasRemedyText: false, text: sealed('weight') })
export const correct = ask('Correct', {
  actor: csr,
  fields: ['customer.phone'],
  customer: sealed('corrected'),
  text: sealed('correction'),
})
export const claim = ask('Claim', { actor: dealer(), assignee: 'a dealer' })
export const release = ask('Release', { actor: dealer() })
export const attach = ask('AddAttachment', { actor: csr, ...attached().data })
export const detach = ask('RemoveAttachment', { actor: sa, ...detached().data })
export const writeLetter = ask('WriteLetter', { actor: dealer(), kind: 'customer', text: sealed('letter') })
export const raiseObjection = ask('RaiseObjection', {
  actor: dealer(),
  dealer: 'D001',
  measures: ['close'],
  attachmentIds: [],
  frozenRevision: null,
  text: sealed('objection'),
})
export const withdrawObjection = ask('WithdrawObjection', { actor: dealer(), objectionId: 'T1-O1' })
export const decideObjection = ask('DecideObjection', {
  actor: of('hq_sales'),
  objectionId: 'T1-O1',
  decision: 'upheld',
  text: sealed('decision'),
})
export const rescind = ask('Rescind', { actor: sa, text: sealed('rescind') })
export const linkRepeat = (now: string, repeat: Ticket, actor = csr) =>
  ask('LinkRepeat', { actor, repeat, text: sealed('link') })(now)
export const openRepeat = (now: string, given: Partial<Registration> = {}, actor = csr) =>
  ask('OpenRepeat', { actor, registration: registration(given) })(now)
export const unlinkRepeat = ask('UnlinkRepeat', { actor: csr, repeat: 'T2', text: sealed('unlink') })
export const markDuplicate = (now: string, survivor: Ticket, actor = sa) =>
  ask('MarkDuplicate', { actor, survivor, text: sealed('duplicate') })(now)
export const absorb = ask('AbsorbDuplicate', {
  actor: sa,
  duplicate: 'T2',
  calls: 1,
  text: sealed('duplicate'),
})
export const undoDuplicate = ask('UndoDuplicate', { actor: sa, text: sealed('undo'), counted: null })
export const releaseDuplicate = ask('ReleaseDuplicate', { actor: sa, duplicate: 'T2' })
export const becomeRepeat = ask('BecomeRepeat', { actor: csr, of: 'T0', ordinal: 2 })
export const ceaseToBeRepeat = ask('CeaseToBeRepeat', { actor: csr, of: 'T0' })
export const loseRepeat = ask('LoseRepeat', { actor: csr, repeat: 'T2' })
export const becomeDuplicate = ask('BecomeDuplicate', { actor: sa, of: 'T9', text: sealed('duplicate') })
export const withdrawFirstHalf = ask('WithdrawFirstHalf', {
  actor: sa,
  event: {
    type: 'MarkedDuplicate',
    data: { of: 'T9', text: sealed('duplicate'), calls: 1 },
    id: 'e1',
    recordedAt: '2026-03-02T02:00:00.000Z',
  },
  refused: { code: 'ticket_not_usable', params: {}, pointer: null },
})
export const closeFollowUp = ask('CloseFollowUp', { actor: sa, eventId: 'e1' })
