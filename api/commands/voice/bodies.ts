/** The bodies of the customer-voice desk's writes, as `api.md` names them. */
import { z } from 'zod'
import { attachmentIdSchema, mostAttachments } from '../../../domain/attachments/attachments.ts'
import { daySchema } from '../../../domain/instant.ts'
import { lineOf } from '../../../domain/plainText.ts'
import { unitCodeSchema } from '../../../domain/unitCode.ts'
import {
  voiceAuditDecisionSchema,
  voiceDropReasonSchema,
  voiceSurveySchema,
} from '../../../domain/voice/codes.ts'
import { itemIdSchema, scoreSchema, voiceMonthSchema } from '../../../domain/voice/events.ts'
import { mostItems } from '../../../domain/voice/items.ts'
import { filledText, instantInput, saying } from '../fields.ts'
import { externalNoSchema, optional } from '../tickets/bodies.ts'

const freeText = filledText(4_000)
const shortText = filledText(2_000)
const name = filledText(100)

const month = voiceMonthSchema.meta({ description: 'Of the survey.', examples: ['2026-03'] })

const indicator = filledText(100)
  .transform(lineOf)
  .refine((text) => text !== '', saying('must not be blank.', '不能为空白。'))
  .meta({ description: 'What the survey asked about; compared after NFKC, without invisible characters.' })

const item = z
  .strictObject({
    month,
    dealerCode: unitCodeSchema,
    survey: voiceSurveySchema,
    indicator,
    score: optional(scoreSchema),
    text: freeText.describe('What the customer said.'),
    externalNo: optional(externalNoSchema).describe(
      'The same number with the same data again is the same item; with other data it is refused.',
    ),
  })
  .meta({ id: 'VoiceItemBody' })
export type VoiceItemBody = z.infer<typeof item>

/** One item, or `items`. */
export const voiceItemsBody = z
  .union([
    item,
    z.strictObject({ items: z.array(item).min(1).max(mostItems) }).meta({ id: 'VoiceItemsBody' }),
  ])
  .meta({
    id: 'VoiceEntryBody',
    examples: [
      {
        month: '2026-02',
        dealerCode: 'D001',
        survey: 'SSI',
        indicator: '交车过程',
        score: 6,
        text: '交车等了两小时。',
      },
    ],
  })
export type VoiceItemsBody = z.infer<typeof voiceItemsBody>

export const rewordBody = z
  .strictObject({ text: freeText })
  .meta({ id: 'VoiceRewording', examples: [{ text: '交车等待时间过长。' }] })
export const dropBody = z
  .strictObject({ reason: voiceDropReasonSchema })
  .meta({ id: 'VoiceDropping', examples: [{ reason: 'not_dealer' }] })
export const sheetBody = z
  .strictObject({ dealerCode: unitCodeSchema, month })
  .meta({ id: 'VoiceSheetBody', examples: [{ dealerCode: 'D001', month: '2026-02' }] })
export const reverseBody = z
  .strictObject({ reason: shortText })
  .meta({ id: 'VoiceReversal', examples: [{ reason: '会议按期召开，记录晚了一天。' }] })

const plan = z.strictObject({
  itemId: itemIdSchema,
  measure: shortText,
  person: name,
  endsOn: daySchema.describe('At most one month after the meeting (policy).'),
})

/** Body of each act on a sheet that is an act on it alone, by its path. */
export const sheetActBodies = {
  meeting: z
    .strictObject({
      heldAt: instantInput,
      attendees: z
        .union([z.array(name).min(1).max(100), shortText])
        .describe('Names, or one text that names them.'),
      plans: z.array(plan).min(1).max(mostItems).describe('One for each item of the sheet.'),
    })
    .meta({
      id: 'VoiceMeetingBody',
      examples: [
        {
          heldAt: '2026-03-03T10:00:00+08:00',
          attendees: ['张总', '李经理'],
          plans: [
            {
              itemId: 'D001.2026-02.1',
              measure: '增加一名交车顾问。',
              person: '李经理',
              endsOn: '2026-03-31',
            },
          ],
        },
      ],
    }),
  return: z
    .strictObject({
      signedBy: name.describe('The general manager.'),
      attachmentIds: z
        .array(attachmentIdSchema)
        .max(mostAttachments)
        .default([])
        .describe('Attachments of the sheet.'),
    })
    .meta({ id: 'VoiceReturnBody', examples: [{ signedBy: '张总' }] }),
  audit: z
    .strictObject({
      decision: voiceAuditDecisionSchema,
      reason: optional(shortText).describe('Needed where the sheet is sent back.'),
    })
    .meta({ id: 'VoiceAuditBody', examples: [{ decision: 'accepted' }] }),
  'follow-ups': z
    .strictObject({ note: freeText })
    .meta({ id: 'VoiceFollowUpBody', examples: [{ note: '已到店检查。' }] }),
  report: z
    .strictObject({
      results: z
        .union([z.array(z.strictObject({ itemId: itemIdSchema, result: shortText })).min(1), freeText])
        .describe('One for each item of the sheet, or one text for all.'),
    })
    .meta({ id: 'VoiceReportBody', examples: [{ results: '平均等待时间降到三十分钟。' }] }),
  judge: z
    .strictObject({ itemId: itemIdSchema, effective: z.boolean(), note: optional(shortText) })
    .meta({ id: 'VoiceJudgementBody', examples: [{ itemId: 'D001.2026-02.1', effective: true }] }),
  publish: z.strictObject({ itemId: itemIdSchema, title: filledText(200), amount: z.int() }).meta({
    id: 'VoicePublicationBody',
    examples: [{ itemId: 'D001.2026-02.1', title: '交车不再等待', amount: 800 }],
  }),
}
export type SheetActName = keyof typeof sheetActBodies
export type SheetActBody<N extends SheetActName> = z.infer<(typeof sheetActBodies)[N]>

export const planBody = z
  .strictObject({
    measure: optional(shortText),
    person: optional(name),
    endsOn: optional(daySchema),
    note: shortText,
  })
  .refine(
    ({ measure, person, endsOn }) => measure !== null || person !== null || endsOn !== null,
    saying('must change measure, person or endsOn.', '至少修改措施、责任人或完成日期之一。'),
  )
  .meta({
    id: 'VoicePlanBody',
    examples: [{ endsOn: '2026-04-02', note: '顾问四月一日到岗。' }],
  })
export type PlanBody = z.infer<typeof planBody>
