/** Each event of the customer-voice desk in one sentence, in both languages; free text stays in the event's data. */
import type { Instant } from '../../domain/instant.ts'
import { shanghaiTime } from '../../domain/shanghaiTime.ts'
import { voiceAuditDecisions, voiceDropReasons, voiceLedgerKinds } from '../../domain/voice/codes.ts'
import type { VoiceDataOf, VoiceEvent, VoiceEventType } from '../../domain/voice/events.ts'
import { attachedWords, removedWords } from '../attachments/words.ts'
import type { Language } from '../http/problems.ts'

type Sentences = { [T in VoiceEventType]: (data: VoiceDataOf<T>) => Record<Language, string> }

/** `2026-03-02 10:00` */
const wallClock = (instant: Instant): string => shanghaiTime(instant).slice(0, 16)

const sentences: Sentences = {
  VoiceItemEntered: ({ survey, indicator }) => ({
    en: `Item entered: ${survey}, ${indicator}`,
    zh: `录入条目：${survey}，${indicator}`,
  }),
  VoiceItemReworded: ({ itemId }) => ({ en: `Item ${itemId} reworded`, zh: `改写条目 ${itemId}` }),
  VoiceItemDropped: ({ itemId, reason }) => ({
    en: `Item ${itemId} dropped: ${voiceDropReasons[reason].en}`,
    zh: `剔除条目 ${itemId}：${voiceDropReasons[reason].zh}`,
  }),
  VoiceSheetSent: ({ itemIds, clock }) => ({
    en: `Sheet sent with ${itemIds.length} items, meeting before ${wallClock(clock.dueAt)}`,
    zh: `下发改进单，共 ${itemIds.length} 项，会议期限 ${wallClock(clock.dueAt)}`,
  }),
  VoiceMeetingRecorded: ({ heldAt, clock }) => ({
    en: `Meeting of ${wallClock(heldAt)} recorded, return before ${wallClock(clock.dueAt)}`,
    zh: `记录 ${wallClock(heldAt)} 的改进会议，返回期限 ${wallClock(clock.dueAt)}`,
  }),
  VoiceSheetReturned: ({ clock }) => ({
    en: `Sheet returned, audit before ${wallClock(clock.dueAt)}`,
    zh: `改进单已返回，审核期限 ${wallClock(clock.dueAt)}`,
  }),
  VoiceSheetAudited: ({ decision, clock }) =>
    decision === 'accepted'
      ? {
          en: `Accepted, report before ${wallClock(clock.dueAt)}`,
          zh: `审核${voiceAuditDecisions.accepted.zh}，结果报告期限 ${wallClock(clock.dueAt)}`,
        }
      : {
          en: `Sent back, return again before ${wallClock(clock.dueAt)}`,
          zh: `审核${voiceAuditDecisions.sent_back.zh}，重新返回期限 ${wallClock(clock.dueAt)}`,
        },
  VoiceFollowedUp: () => ({ en: 'Followed up', zh: '跟进' }),
  VoicePlanChanged: ({ itemId, endsOn }) => ({
    en: `Plan of ${itemId} changed, ends on ${endsOn}`,
    zh: `变更条目 ${itemId} 的改进计划，完成日期 ${endsOn}`,
  }),
  VoiceResultReported: () => ({ en: 'Result reported', zh: '报告改进结果' }),
  VoiceItemJudged: ({ itemId, effective }) => ({
    en: `Item ${itemId} judged ${effective ? 'effective' : 'not effective'}`,
    zh: `条目 ${itemId} 评价为${effective ? '有效' : '无效'}`,
  }),
  VoiceCasePublished: ({ itemId, amount }) => ({
    en: `Item ${itemId} published as a good case, ${amount} CNY`,
    zh: `条目 ${itemId} 作为优秀案例发布，${amount} 元`,
  }),
  VoiceAttachmentAdded: attachedWords,
  VoiceAttachmentRemoved: () => removedWords,
  VoiceEntryBooked: ({ kind, amount }) => ({
    en: `Booked ${amount} CNY: ${voiceLedgerKinds[kind].en}`,
    zh: `记账 ${amount} 元：${voiceLedgerKinds[kind].zh}`,
  }),
  VoiceEntryReversed: ({ entryId }) => ({ en: `Entry ${entryId} reversed`, zh: `冲销记录 ${entryId}` }),
}

/** What happened, as a sentence of the timeline. */
export const voiceWordsOf = ({ type, data }: VoiceEvent, language: Language): string =>
  (sentences[type] as (data: unknown) => Record<Language, string>)(data)[language]
