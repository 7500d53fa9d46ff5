/** Each event of an inquiry in one sentence, in both languages; free text stays in the event's data. */
import { methods } from '../../domain/codes.ts'
import type { InquiryDataOf, InquiryEvent, InquiryEventType } from '../../domain/inquiry/events.ts'
import type { Instant } from '../../domain/instant.ts'
import { shanghaiTime } from '../../domain/shanghaiTime.ts'
import { routes } from '../../domain/ticket/routing.ts'
import { attachedWords, removedWords } from '../attachments/words.ts'
import type { Language } from '../http/problems.ts'

type Sentences = { [T in InquiryEventType]: (data: InquiryDataOf<T>) => Record<Language, string> }

/** `2026-03-02 10:00` */
const wallClock = (instant: Instant): string => shanghaiTime(instant).slice(0, 16)

const sentences: Sentences = {
  InquiryRegistered: ({ topic }) => ({
    en: `Inquiry registered, topic ${topic}`,
    zh: `登记咨询，主题 ${topic}`,
  }),
  InquiryForwarded: ({ clock }) => ({
    en: `Forwarded to the SE, to be answered before ${wallClock(clock.dueAt)}`,
    zh: `转交 SE，答复期限 ${wallClock(clock.dueAt)}`,
  }),
  InquiryAnswered: ({ by, clock }) =>
    by === 'csc'
      ? {
          en: `Answered at once, to be passed on by ${wallClock(clock.dueAt)}`,
          zh: `直接答复，回复客户期限 ${wallClock(clock.dueAt)}`,
        }
      : {
          en: `Answered by the SE, to be passed on by ${wallClock(clock.dueAt)}`,
          zh: `SE 已答复，回复客户期限 ${wallClock(clock.dueAt)}`,
        },
  InquiryRelayed: ({ method, reached }) =>
    reached
      ? {
          en: `Passed on to the customer by ${methods[method].en}`,
          zh: `已通过${methods[method].zh}回复客户`,
        }
      : {
          en: `Tried to reach the customer by ${methods[method].en}, in vain`,
          zh: `通过${methods[method].zh}联系客户，未联系上`,
        },
  InquiryWithdrawn: () => ({ en: 'Withdrawn', zh: '已撤回' }),
  InquiryBecameComplaint: ({ category }) => ({
    en: `Turned out to be a complaint: ${category} (${routes[category].label.en})`,
    zh: `转为投诉：${category}（${routes[category].label.zh}）`,
  }),
  InquiryTicketNamed: ({ ticketNo, outcome }) =>
    outcome === 'contact_logged'
      ? { en: `Logged as a contact on ticket ${ticketNo}`, zh: `记录为工单 ${ticketNo} 的来电` }
      : { en: `Registered as ticket ${ticketNo}`, zh: `登记为工单 ${ticketNo}` },
  InquiryAttachmentAdded: attachedWords,
  InquiryAttachmentRemoved: () => removedWords,
  InquiryReopened: ({ refused }) => ({
    en: `Opened again: the complaint was refused (${refused.code})`,
    zh: `恢复处理：投诉未能登记（${refused.code}）`,
  }),
}

/** What happened, as a sentence of the timeline. */
export const inquiryWordsOf = ({ type, data }: InquiryEvent, language: Language): string =>
  (sentences[type] as (data: unknown) => Record<Language, string>)(data)[language]
