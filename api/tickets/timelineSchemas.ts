/** The items of a ticket's timeline, each with the data of its event; `type` says which. */
import { z } from 'zod'
import { dueEventData } from '../../domain/dues.ts'
import type { Words } from '../../domain/refusal.ts'
import { type TicketEventType, ticketEventData } from '../../domain/ticket/events.ts'
import { customerAnswer, timelineItem, vehicleAnswer } from './responseSchemas.ts'

const factData = { DuePassed: dueEventData.DuePassed, DueNear: dueEventData.DueNear }
type TimelineType = TicketEventType | keyof typeof factData

/** What may stand in a timeline, as `GET /v1/codes` lists it. */
export const timelineTypes: Readonly<Record<TimelineType, Words>> = {
  TicketRegistered: { en: 'Registered', zh: '登记' },
  TicketDispatched: { en: 'Dispatched', zh: '分配' },
  TicketRedispatched: { en: 'Redispatched', zh: '再分配' },
  TicketReclassified: { en: 'Reclassified', zh: '重新分类' },
  ResponseRecorded: { en: 'Response', zh: '响应' },
  WorkRecorded: { en: 'Record of work', zh: '处理记录' },
  ContactLogged: { en: 'Further contact', zh: '客户再次联系' },
  TicketClosed: { en: 'Closed', zh: '封闭' },
  CallbackRecorded: { en: 'Callback', zh: '回访' },
  CallbackWithdrawn: { en: 'Callback that does not count', zh: '回访不计' },
  RepeatLinked: { en: 'Repeat linked', zh: '关联重复投诉' },
  RepeatUnlinked: { en: 'Repeat unlinked', zh: '取消重复关联' },
  BecameRepeat: { en: 'Became a repeat', zh: '成为重复投诉' },
  CeasedToBeRepeat: { en: 'No longer a repeat', zh: '不再是重复投诉' },
  TicketRescinded: { en: 'Rescinded', zh: '撤销' },
  MarkedDuplicate: { en: 'Marked a duplicate', zh: '标记为重复工单' },
  DuplicateAbsorbed: { en: 'Took over a duplicate', zh: '并入重复工单' },
  DuplicateUndone: { en: 'No longer a duplicate', zh: '撤销重复标记' },
  DuplicateReleased: { en: 'Gave back a duplicate', zh: '移出重复工单' },
  FollowUpClosed: { en: 'Nothing left to do on the other ticket', zh: '另一工单无需再处理' },
  ResponsibleDealerNamed: { en: 'Responsible dealer named', zh: '指定责任经销商' },
  ConvertedToC: { en: 'Converted to C', zh: '升级为C类' },
  WarningRaised: { en: 'Early warning raised', zh: '发出升级预警' },
  WarningAcknowledged: { en: 'Early warning acknowledged', zh: '预警确认' },
  WarningResolved: { en: 'Early warning resolved', zh: '预警处理' },
  DeadlinesRecalculated: { en: 'Deadlines recalculated', zh: '重新计算期限' },
  WeightChanged: { en: 'Weight changed', zh: '调整严重程度及诉求' },
  TicketCorrected: { en: 'Customer or vehicle corrected', zh: '更正客户或车辆信息' },
  TicketClaimed: { en: 'Claimed', zh: '领单' },
  TicketReleased: { en: 'Claim released', zh: '释放领单' },
  LetterWritten: { en: 'Letter', zh: '回函' },
  ObjectionRaised: { en: 'Dealer objected to its unit', zh: '经销商提出申诉' },
  ObjectionWithdrawn: { en: 'Objection withdrawn', zh: '申诉已撤回' },
  ObjectionDecided: { en: 'Objection decided by HQ', zh: '申诉已裁定' },
  AttachmentAdded: { en: 'Attachment added', zh: '添加附件' },
  AttachmentRemoved: { en: 'Attachment removed', zh: '移除附件' },
  DuePassed: { en: 'Overdue', zh: '已逾期' },
  DueNear: { en: 'Due soon', zh: '即将到期' },
}

const texts = z.record(z.string(), z.string().nullable()).meta({
  description: 'Free text by the name of its field; empty for those who see no personal data.',
})

/** The data of an event as the timeline shows it: its sealed texts opened, see `openData`. Answers only grow. */
const shown = (data: z.ZodObject): z.ZodObject => {
  const { text, customer, registration: _, ...plain } = data.shape
  return z.looseObject({
    ...plain,
    ...(text !== undefined && { text: texts.optional() }),
    ...(customer !== undefined && {
      customer: customerAnswer.omit({ subjectId: true }).optional(),
      vehicle: vehicleAnswer.optional(),
    }),
  })
}

const all: Record<string, z.ZodObject> = { ...ticketEventData, ...factData }

const items = Object.keys(timelineTypes).map((type) =>
  timelineItem
    .extend({ type: z.literal(type), data: shown(all[type] as z.ZodObject).meta({ id: `${type}Data` }) })
    .meta({ id: `${type}Item` }),
)

export const ticketTimelineAnswer = z
  .object({ items: z.array(z.discriminatedUnion('type', items as [(typeof items)[0], ...typeof items])) })
  .meta({ id: 'TicketTimeline' })
