/** What tickets, inquiries and sheets of customer voice have in common as owners of attachments: one value of this type each. */
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type {
  Attachment,
  AttachmentAddedData,
  AttachmentRemovedData,
} from '../../domain/attachments/attachments.ts'
import { requireRoomFor } from '../../domain/attachments/attachments.ts'
import { type Action, permissions } from '../../domain/authority.ts'
import type { Desk } from '../../domain/desk.ts'
import type { Position, StoredEvent } from '../../domain/eventStore.ts'
import { inquiryStream } from '../../domain/inquiry/events.ts'
import { type Inquiry, placeOfInquiry } from '../../domain/inquiry/state.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import { mayAt, placeOf, type UnitsOfTicket } from '../../domain/scope.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { ticketStream } from '../../domain/ticket/events.ts'
import { isOver } from '../../domain/ticket/state.ts'
import { dealerOfId, voiceStream } from '../../domain/voice/events.ts'
import { takingAttachments } from '../../domain/voice/sheets.ts'
import { placeOfSheet, type VoiceSheet } from '../../domain/voice/state.ts'
import type { Act } from '../commands/act.ts'
import { giveInquiry, readInquiry } from '../commands/inquiries/inquiries.ts'
import { execute, readTicket } from '../commands/tickets/execute.ts'
import { giveSheet, readVoice, requireSheet, voiceAfter } from '../commands/voice/voice.ts'
import type { Deps } from '../http/deps.ts'
import { onInquiry, onTicket } from '../http/operationCodes.ts'
import type { ProblemCode } from '../http/problemCodes.ts'
import { inquiryParams, requireSeen } from '../inquiries/reads.ts'
import { guardsOfInquiry } from '../inquiries/writes.ts'
import { ticketParams } from '../tickets/params.ts'
import { guardsOf, requireInScope } from '../tickets/requestContext.ts'
import { guardsOfSheet, opening, requireSeenSheet, sheetParams } from '../voice/requestContext.ts'

/** A ticket, an inquiry or a sheet with its attachments. */
export type Owner = {
  no: string
  subjectId: SubjectId
  place: UnitsOfTicket
  attachments: readonly Attachment[]
  /** @throws Refusal where it takes no attachment in its state */
  requireTakes(): void
}

export type Command =
  | ({ type: 'AddAttachment' } & AttachmentAddedData)
  | ({ type: 'RemoveAttachment' } & AttachmentRemovedData)

/** `made`: for the owner as it is when it is written to, within its queue. */
type OwnerCommand = { act: Act; action: Action; made(subjectId: SubjectId): Command }

export type OwnerKind = {
  /** Of its routes. */
  path: string
  tag: string
  params: z.ZodObject
  /** Refusals of a write on it, and of a read. */
  refusals: readonly ProblemCode[]
  absent: RefusalCode
  /** What adding one takes, and each of which opens them. */
  adds: Action
  sees: readonly Action[]
  desk?: Desk
  noOf(request: FastifyRequest): string
  stream(no: string): string
  /** Its version after the first events of its stream; left out: their number. */
  versionAfter?(no: string, events: readonly StoredEvent[]): number
  addedType: StoredEvent['type']
  /** The owner, where the caller sees it. @throws Refusal `ticket_not_found`, `inquiry_not_found` */
  find(deps: Deps, request: FastifyRequest): Promise<Owner>
  /** @throws Refusal; Conflict, see `handle` */
  give(
    deps: Deps,
    request: FastifyRequest,
    giving: OwnerCommand,
  ): Promise<{ version: number; position: Position | null }>
}

/** A role that takes one of the actions must have the owner in its own scope (rulebook §17). @throws Refusal `role_not_allowed` */
export const requireMayOn = (
  { caller }: FastifyRequest,
  actions: readonly Action[],
  { place }: Pick<Owner, 'place'>,
): void => {
  if (!actions.some((action) => mayAt(caller, action, place)))
    throw new Refusal('role_not_allowed', {
      roles: actions.flatMap((action) => permissions[action]).join(', '),
    })
}

/** Looks ahead, before a byte is read, at what would be refused anyway. @throws Refusal */
export const requireTakesOne = (owner: Owner): void => {
  owner.requireTakes()
  requireRoomFor(owner.attachments)
}

const noOfTicket = ({ params }: FastifyRequest): string => (params as { ticketNo: string }).ticketNo
const noOfInquiry = ({ params }: FastifyRequest): string => (params as { inquiryNo: string }).inquiryNo

/** Of those who deal with customers. */
const ofCustomer = { adds: 'attach', sees: ['see_personal_data'] } as const

export const ofTickets: OwnerKind = {
  path: '/v1/tickets/:ticketNo',
  tag: 'tickets',
  params: ticketParams,
  refusals: [...onTicket, 'ticket_is_over'],
  absent: 'ticket_not_found',
  ...ofCustomer,
  noOf: noOfTicket,
  stream: ticketStream,
  addedType: 'AttachmentAdded',
  find: async (deps, request) => {
    const ticketNo = noOfTicket(request)
    const ticket = await readTicket(deps, ticketNo)
    if (ticket === null) throw new Refusal('ticket_not_found', { ticketNo })
    requireInScope(request.caller, ticket)
    const requireTakes = (): void => {
      if (isOver(ticket)) throw new Refusal('ticket_is_over')
    }
    const { subjectId, attachments } = ticket
    return { no: ticketNo, subjectId, place: placeOf(ticket), attachments, requireTakes }
  },
  give: async (deps, request, { act, action, made }) => {
    const { ticket, position } = await execute(
      deps,
      noOfTicket(request),
      {
        ...guardsOf(request),
        command: (ticket, now) => {
          requireMayOn(request, [action], { place: placeOf(ticket) })
          return { ...made(ticket.subjectId), now, actor: act.actor }
        },
      },
      act,
    )
    return { version: ticket.version, position }
  },
}

export const ofInquiries: OwnerKind = {
  path: '/v1/inquiries/:inquiryNo',
  tag: 'inquiries',
  params: inquiryParams,
  refusals: onInquiry,
  absent: 'inquiry_not_found',
  ...ofCustomer,
  noOf: noOfInquiry,
  stream: inquiryStream,
  addedType: 'InquiryAttachmentAdded',
  find: async (deps, request) => {
    const inquiryNo = noOfInquiry(request)
    const inquiry = requireSeen(request, inquiryNo, (await readInquiry(deps, inquiryNo)).state)
    const { subjectId, attachments, state } = inquiry
    const requireTakes = (): void => {
      if (state === 'withdrawn')
        throw new Refusal('inquiry_wrong_state', { state, allowed: 'open, forwarded, answered, closed' })
    }
    return { no: inquiryNo, subjectId, place: placeOfInquiry(inquiry), attachments, requireTakes }
  },
  give: (deps, request, { act, action, made }) => {
    const inquiryNo = noOfInquiry(request)
    const guards = guardsOfInquiry(request, inquiryNo)
    const command = (inquiry: Inquiry) => {
      requireMayOn(request, [action], { place: placeOfInquiry(inquiry) })
      return made(inquiry.subjectId)
    }
    return giveInquiry(deps, inquiryNo, command, { act, guards })
  },
}

const sheetOf = ({ params }: FastifyRequest): string => (params as { id: string }).id

/** What a dealer shows with its return; HQ, which audits it, sees them too. */
export const ofSheets: OwnerKind = {
  path: '/v1/voice/sheets/:id',
  tag: 'customer voice',
  params: sheetParams,
  refusals: ['voice_sheet_not_found', 'voice_wrong_status'],
  absent: 'voice_sheet_not_found',
  adds: 'improve_voice',
  sees: opening,
  desk: 'voice',
  noOf: sheetOf,
  stream: (sheetId) => voiceStream(dealerOfId(sheetId)),
  versionAfter: (sheetId, events) =>
    requireSheet(voiceAfter(events as Parameters<typeof voiceAfter>[0]), sheetId).version,
  addedType: 'VoiceAttachmentAdded',
  find: async (deps, request) => {
    const sheetId = sheetOf(request)
    const { state } = await readVoice(deps, dealerOfId(sheetId))
    const { subjectId, attachments, status, ...sheet } = requireSeenSheet(request, state, sheetId)
    const requireTakes = (): void => {
      if (!takingAttachments.includes(status))
        throw new Refusal('voice_wrong_status', {
          voiceStatus: status,
          voiceAllowed: takingAttachments.join(', '),
        })
    }
    return { no: sheetId, subjectId, place: placeOfSheet(sheet), attachments, requireTakes }
  },
  give: async (deps, request, { act, action, made }) => {
    const sheetId = sheetOf(request)
    const guards = guardsOfSheet(request, action, sheetId)
    const make = ({ sheet }: { sheet: VoiceSheet }) => ({ ...made(sheet.subjectId), month: sheet.month })
    const { voice, position } = await giveSheet(deps, sheetId, make, { act, guards })
    return { version: requireSheet(voice, sheetId).version, position }
  },
}
