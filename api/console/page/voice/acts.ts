/** Acts on a sheet as a whole (rulebook §16): who may, what is asked, what is sent. */
import type { FieldSpec, TicketAct } from '../acts/act.ts'
import { coded } from '../acts/fields.ts'
import type { ShownAttachment } from '../attachments/attachments.ts'
import { instant, instantOf } from '../time/format.ts'
import { filled, itemTitle, loadPolicy, type OfSheet, policy, textOf } from './act.ts'
import { endOfDay } from './due.ts'
import { sheetRights } from './rights.ts'
import { voiceWords as words } from './words.ts'

const planFields = ({ sheet }: OfSheet): FieldSpec<OfSheet>[] =>
  sheet.items.flatMap((item, index): FieldSpec<OfSheet>[] => {
    const group = itemTitle(index, item)
    const months = policy.value?.planMonths
    return [
      { name: `plans.${index}.measure`, words: words.measure, kind: 'area', isRequired: true, group },
      { name: `plans.${index}.person`, words: words.person, kind: 'line', isRequired: true, group },
      {
        name: `plans.${index}.endsOn`,
        words: words.endsOn,
        kind: 'date',
        isRequired: true,
        group,
        ...(months !== undefined && { hint: filled(words.endsOnHint, { months }) }),
      },
    ]
  })

const meeting: TicketAct<OfSheet> = {
  name: 'meeting',
  words: { en: 'Record the meeting', zh: '记录改进会议' },
  isMain: true,
  may: ({ sheet, me }) => sheetRights.meeting(sheet, me),
  prepare: loadPolicy,
  fields: (subject) => [
    {
      name: 'heldAt',
      words: words.heldAt,
      kind: 'instant',
      isRequired: true,
      hint: filled(words.heldAtHint, { at: instant(subject.sheet.sentAt) }),
    },
    {
      name: 'attendees',
      words: words.attendees,
      kind: 'area',
      isRequired: true,
      hint: words.attendeesHint,
    },
    ...planFields(subject),
  ],
  body: (values, { sheet }) => ({
    heldAt: instantOf(textOf(values, 'heldAt')),
    attendees: textOf(values, 'attendees')
      .split('\n')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
    plans: sheet.items.map(({ itemId }, index) => ({
      itemId,
      measure: textOf(values, `plans.${index}.measure`),
      person: textOf(values, `plans.${index}.person`),
      endsOn: textOf(values, `plans.${index}.endsOn`),
    })),
  }),
}

const attached = 'attached '

/** Files that are on the sheet and were returned with it before, as the user sees them. */
const filesOf = ({ files }: OfSheet): readonly ShownAttachment[] => files.filter(({ name }) => name !== null)

const giveBack: TicketAct<OfSheet> = {
  name: 'return',
  words: { en: 'Return the sheet', zh: '返回改进单' },
  isMain: true,
  may: ({ sheet, me }) => sheetRights.return(sheet, me),
  takesFiles: () => true,
  fields: (subject) => [
    { name: 'signedBy', words: words.signedBy, kind: 'line', isRequired: true },
    ...filesOf(subject).map(
      ({ attachmentId, name }): FieldSpec<OfSheet> => ({
        name: `${attached}${attachmentId}`,
        words: filled(words.withFile, { name: name ?? '' }),
        kind: 'check',
        initial: () => 'yes',
      }),
    ),
  ],
  body: (values, subject, uploaded) => ({
    signedBy: textOf(values, 'signedBy'),
    attachmentIds: [
      ...new Set([
        ...filesOf(subject)
          .map(({ attachmentId }) => attachmentId)
          .filter((id) => values[`${attached}${id}`] === 'yes'),
        ...uploaded,
      ]),
    ],
  }),
}

const audit: TicketAct<OfSheet> = {
  name: 'audit',
  words: { en: 'Audit', zh: '审核' },
  isMain: true,
  may: ({ sheet, me }) => sheetRights.audit(sheet, me),
  fields: [
    coded<OfSheet>('decision', 'voiceAuditDecisions', { words: words.decision, isRequired: true }),
    {
      name: 'reason',
      words: words.reason,
      kind: 'area',
      isRequired: true,
      isAsked: ({ decision }) => decision === 'sent_back',
    },
    { name: 'reason', words: words.note, kind: 'area', isAsked: ({ decision }) => decision === 'accepted' },
  ],
}

const followUp: TicketAct<OfSheet> = {
  name: 'follow-ups',
  words: { en: 'Record a follow-up', zh: '记录跟进' },
  isMain: true,
  may: ({ sheet, me }) => sheetRights['follow-ups'](sheet, me),
  fields: [{ name: 'note', words: words.note, kind: 'area', isRequired: true }],
}

const report: TicketAct<OfSheet> = {
  name: 'report',
  words: { en: 'Report the result', zh: '报告改进结果' },
  isMain: true,
  caution: { en: 'Plans cannot be changed after that.', zh: '报告后不能再变更改进计划。' },
  may: ({ sheet, me }) => sheetRights.report(sheet, me),
  fields: ({ sheet }) => [
    { name: 'isOne', words: words.oneResult, kind: 'check' },
    {
      name: 'results',
      words: words.result,
      kind: 'area',
      isRequired: true,
      isAsked: ({ isOne }) => isOne === 'yes',
    },
    ...sheet.items.map(
      (item, index): FieldSpec<OfSheet> => ({
        name: `results.${index}.result`,
        words: words.result,
        kind: 'area',
        isRequired: true,
        group: itemTitle(index, item),
        isAsked: ({ isOne }) => isOne !== 'yes',
      }),
    ),
  ],
  advice: (_, { sheet, now }) =>
    sheet.items.some(({ plan }) => plan !== null && endOfDay(plan.endsOn) >= now)
      ? [{ en: 'A plan has not ended yet.', zh: '仍有改进计划未到完成日期。' }]
      : [],
  body: (values, { sheet }) => ({
    results:
      values.isOne === 'yes'
        ? textOf(values, 'results')
        : sheet.items.map(({ itemId }, index) => ({
            itemId,
            result: textOf(values, `results.${index}.result`),
          })),
  }),
}

/** Every act on a sheet as a whole, in the order in which they are offered. */
export const sheetActs: readonly TicketAct<OfSheet>[] = [meeting, giveBack, audit, followUp, report]
