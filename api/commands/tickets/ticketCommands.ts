/** The writes on a ticket: the body of each, and how it becomes a command. One table for the routes and the imports. */
import { z } from 'zod'
import type { Actor } from '../../../domain/authority.ts'
import {
  callbackOutcomeSchema,
  channelSchema,
  decisionSchema,
  methodSchema,
  recordKindSchema,
  sourceSchema,
  warningCodeSchema,
} from '../../../domain/codes.ts'
import type { Instant } from '../../../domain/instant.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { changedFields, correctedPerson } from '../../../domain/ticket/correction.ts'
import { goodwillSchema, scoreSchema } from '../../../domain/ticket/events.ts'
import { categorySchema } from '../../../domain/ticket/routing.ts'
import { unitCodeSchema } from '../../../domain/unitCode.ts'
import { instantInput, saying } from '../fields.ts'
import { act } from './actEntry.ts'
import {
  correctBody,
  externalNoSchema,
  flags,
  freeText,
  line,
  maybe,
  named,
  optional,
  reason,
  required,
  weight,
} from './bodies.ts'

const onlyCscSystem = (occurredAt: Instant | null, actor: Actor): Instant | null => {
  if (occurredAt !== null && !actor.roles.includes('csc_system') && !actor.anyUnit)
    throw new Refusal('instant_not_allowed', { roles: 'csc_system' }, '#/occurredAt')
  return occurredAt
}

/** By the last part of its path, `/v1/tickets/{ticketNo}/…`. */
export const acts = {
  contacts: act({
    action: 'log_contact',
    body: z.strictObject({
      channel: channelSchema,
      content: required(freeText),
      flags,
      occurredAt: optional(instantInput),
    }),
    command: ({ channel, flags, content, occurredAt }, { ticket, seal, actor }) => ({
      type: 'LogContact',
      subjectId: ticket.subjectId,
      channel,
      flags,
      externalNo: null,
      source: null,
      dealer: null,
      receivedAt: null,
      occurredAt: onlyCscSystem(occurredAt, actor),
      customer: null,
      text: seal({ content }),
    }),
  }),
  redispatch: act({
    action: 'redispatch',
    body: z
      .strictObject({
        dealerCode: unitCodeSchema.optional(),
        tier: z.enum(['dealer', 'rbo', 'se']).optional(),
        reason,
        misrouted: z.boolean().default(false),
      })
      .refine((body) => (body.dealerCode === undefined) !== (body.tier === undefined), {
        ...saying('must be given, or tier, and not both.', '必须且只能填写 dealerCode 与 tier 之一。'),
        path: ['dealerCode'],
      }),
    command: ({ dealerCode, tier, reason, misrouted }, { seal }) => ({
      type: 'Redispatch',
      to: dealerCode === undefined ? { tier: tier as 'dealer' | 'rbo' | 'se' } : { dealerCode },
      misrouted,
      text: seal({ reason }),
    }),
  }),
  'repeat-link': act({
    action: 'link_repeat',
    body: z
      .strictObject({ ticketNo: named, reason })
      .meta({ id: 'RepeatLink', examples: [{ ticketNo: 'T260302-7GQ4', reason: '客户说是同一问题。' }] }),
    command: async ({ ticketNo, reason }, { seal, read }) => ({
      type: 'LinkRepeat',
      repeat: await read(ticketNo),
      text: seal({ reason }),
    }),
  }),
  'repeat-unlink': act({
    action: 'link_repeat',
    body: z
      .strictObject({ ticketNo: named, reason })
      .meta({ id: 'RepeatUnlink', examples: [{ ticketNo: 'T260302-7GQ4', reason: '不是同一问题。' }] }),
    command: ({ ticketNo, reason }, { seal }) => ({
      type: 'UnlinkRepeat',
      repeat: ticketNo,
      text: seal({ reason }),
    }),
  }),
  callbacks: act({
    action: 'record_callback',
    body: z.strictObject({
      outcome: callbackOutcomeSchema,
      note: optional(line(freeText)),
      sameProblem: z.boolean().default(false),
      repeatExternalNo: optional(externalNoSchema),
      occurredAt: optional(instantInput),
      score: maybe(scoreSchema),
    }),
    command: ({ note, occurredAt, score, ...rest }, { seal, actor }) => ({
      type: 'RecordCallback',
      ...rest,
      ...(score !== undefined && score !== null && { score }),
      occurredAt: onlyCscSystem(occurredAt, actor),
      text: seal({ note }),
    }),
  }),
  reclassify: act({
    action: 'reclassify',
    body: z.strictObject({
      category: categorySchema,
      reason,
      source: optional(sourceSchema),
      dealerCode: optional(unitCodeSchema),
    }),
    command: ({ reason, ...rest }, { seal }) => ({ type: 'Reclassify', ...rest, text: seal({ reason }) }),
  }),
  rescind: act({
    action: 'rescind',
    body: z.strictObject({ reason }),
    command: ({ reason }, { seal }) => ({ type: 'Rescind', text: seal({ reason }) }),
  }),
  'duplicate-of': act({
    action: 'rescind',
    body: z.strictObject({ ticketNo: named, reason }),
    command: async ({ ticketNo, reason }, { seal, read }) => ({
      type: 'MarkDuplicate',
      survivor: await read(ticketNo),
      text: seal({ reason }),
    }),
  }),
  'duplicate-undo': act({
    action: 'undo_duplicate',
    body: z
      .strictObject({
        reason,
        ticketNo: optional(named).describe(
          'Only of a ticket that counts the calls of one that is not its duplicate, as `npm run verify` says: the calls of that one leave its count.',
        ),
      })
      .meta({ id: 'DuplicateUndo', examples: [{ reason: '是另一位客户的投诉。' }] }),
    command: async ({ reason, ticketNo }, { seal, find }) => ({
      type: 'UndoDuplicate',
      text: seal({ reason }),
      counted:
        ticketNo === null ? null : { duplicate: ticketNo, of: (await find(ticketNo))?.duplicateOf ?? null },
    }),
  }),
  recalculate: act({
    action: 'recalculate',
    body: z.strictObject({ reason }),
    command: ({ reason }, { seal }) => ({ type: 'Recalculate', text: seal({ reason }) }),
  }),
  responses: act({
    action: 'respond',
    body: z.strictObject({
      method: methodSchema,
      reached: z.boolean(),
      note: required(freeText),
      promisedReplyAt: optional(instantInput),
    }),
    command: ({ note, ...rest }, { seal }) => ({ type: 'RecordResponse', ...rest, text: seal({ note }) }),
  }),
  records: act({
    action: 'inform_consumer',
    body: z.strictObject({ kind: recordKindSchema, note: required(freeText) }),
    command: ({ kind, note }, { seal }) => ({ type: 'RecordWork', kind, text: seal({ note }) }),
  }),
  close: act({
    action: 'close',
    body: z.strictObject({
      result: required(freeText),
      measures: required(freeText),
      measuresDoneAt: optional(instantInput),
      rootCauseCode: optional(line(50)),
      rootCause: optional(line(freeText)),
      customerFeedback: optional(line(freeText)),
      improvement: optional(line(freeText)),
      improvementDepartment: optional(line()),
      decision: maybe(decisionSchema),
      goodwill: maybe(goodwillSchema),
    }),
    command: ({ measuresDoneAt, rootCauseCode, decision, goodwill, ...words }, { seal }) => ({
      type: 'Close',
      ...(decision !== undefined && decision !== null && { decision }),
      ...(goodwill !== undefined && goodwill !== null && { goodwill }),
      measuresDoneAt,
      rootCauseCode,
      text: seal(words),
    }),
  }),
  'responsible-dealer': act({
    action: 'name_responsible_dealer',
    body: z
      .strictObject({ dealerCode: unitCodeSchema })
      .meta({ id: 'ResponsibleDealer', examples: [{ dealerCode: 'D001' }] }),
    command: ({ dealerCode }) => ({ type: 'NameResponsibleDealer', dealerCode }),
  }),
  'convert-to-c': act({
    action: 'convert_to_c',
    body: z
      .strictObject({ reason })
      .meta({ id: 'ConversionToC', examples: [{ reason: '厂家正在研究技术方案。' }] }),
    command: ({ reason }, { seal }) => ({ type: 'ConvertToC', text: seal({ reason }) }),
  }),
  weight: act({
    action: 'weigh',
    body: z
      .strictObject({ ...weight, reason })
      .refine(({ reason: _, ...changes }) => Object.keys(changes).length > 0, {
        ...saying(
          'must be given, or safety, remedy or remedyText.',
          '须填写严重程度、安全、诉求或诉求说明。',
        ),
        path: ['severity'],
      })
      .meta({ description: 'Only what changes; null empties it.' }),
    command: ({ severity, safety, remedy, remedyText, reason }, { seal }) => ({
      type: 'ChangeWeight',
      ...(severity !== undefined && { severity }),
      ...(safety !== undefined && { safety: safety ?? false }),
      ...(remedy !== undefined && { remedy }),
      hasRemedyText: remedyText !== undefined,
      text: seal({ reason, ...(remedyText !== undefined && { remedyText }) }),
    }),
  }),
  correct: act({
    action: 'correct',
    body: correctBody,
    command: ({ reason, ...changes }, { seal, sealPerson, person }) => {
      const before = person()
      const after = correctedPerson(before, changes)
      return {
        type: 'Correct',
        fields: changedFields(before, after),
        customer: sealPerson(after),
        text: seal({ reason }),
      }
    },
  }),
  claim: act({
    action: 'claim',
    body: z.strictObject({
      assignee: optional(required(200)).describe('The `sub` of a colleague; left out or null: the caller.'),
    }),
    command: ({ assignee }, { actor }) => ({ type: 'Claim', assignee: assignee ?? actor.id }),
  }),
  release: act({
    action: 'claim',
    body: z.strictObject({}),
    command: () => ({ type: 'Release' }),
  }),
  warnings: act({
    action: 'raise_warning',
    body: z.strictObject({ code: warningCodeSchema, reason: optional(line(2_000)) }),
    command: ({ code, reason }, { seal }) => ({
      type: 'RaiseWarning',
      code,
      text: reason === null ? null : seal({ reason }),
    }),
  }),
}
export type ActName = keyof typeof acts
export type BodyOf<N extends ActName> = z.infer<(typeof acts)[N]['body']>
