/** Each event of a vehicle in one sentence, in both languages; free text stays in the event's data. */
import { attemptResults, careOutcomes, visitKinds } from '../../domain/care/codes.ts'
import type { CareDataOf, CareEvent, CareEventType } from '../../domain/care/events.ts'
import type { Language } from '../http/problems.ts'

type Sentences = { [T in CareEventType]: (data: CareDataOf<T>) => Record<Language, string> }

const sentences: Sentences = {
  VehicleHandedOver: ({ dealer }) => ({
    en: `Car handed over by dealer ${dealer}`,
    zh: `经销商 ${dealer} 交车`,
  }),
  VisitRecorded: ({ dealer, kind }) => ({
    en: `Visit to dealer ${dealer}: ${visitKinds[kind].en}`,
    zh: `经销商 ${dealer} 进店：${visitKinds[kind].zh}`,
  }),
  CareAttempted: ({ result, outcome }) => ({
    en: `Care call: ${attemptResults[result].en}${outcome === null ? '' : `, ${careOutcomes[outcome].en}`}`,
    zh: `关怀回访：${attemptResults[result].zh}${outcome === null ? '' : `，${careOutcomes[outcome].zh}`}`,
  }),
  CareDismissed: () => ({ en: 'Dismissed by the CSC', zh: '客服中心已驳回' }),
  CareBecameComplaint: ({ category }) => ({
    en: `Becomes a complaint, ${category}`,
    zh: `转为投诉 ${category}`,
  }),
  CareTicketNamed: ({ ticketNo }) => ({ en: `Ticket ${ticketNo}`, zh: `工单 ${ticketNo}` }),
  CareReopened: ({ refused }) => ({
    en: `To be judged again: the complaint was refused (${refused.code})`,
    zh: `恢复待处理：投诉未能登记（${refused.code}）`,
  }),
}

/** What happened, as a sentence of the timeline. */
export const careWordsOf = ({ type, data }: CareEvent, language: Language): string =>
  (sentences[type] as (data: unknown) => Record<Language, string>)(data)[language]
