/** Each event about a dealer's SMS contacts in one sentence, in both languages; name and mobile stay in the event's data. */
import { smsActions } from '../../domain/codes.ts'
import type { SmsDataOf, SmsEvent, SmsEventType } from '../../domain/sms/events.ts'
import type { Language } from '../http/problems.ts'

type Sentences = { [T in SmsEventType]: (data: SmsDataOf<T>) => Record<Language, string> }

const sentences: Sentences = {
  SmsContactRequested: ({ action, dealer }) => ({
    en: `SMS contact of dealer ${dealer}, asked for: ${smsActions[action].en}`,
    zh: `经销商 ${dealer} 的短信联系人申请：${smsActions[action].zh}`,
  }),
  SmsContactAccepted: () => ({ en: 'Request accepted', zh: '申请已通过' }),
  SmsContactRefused: () => ({ en: 'Request refused', zh: '申请已拒绝' }),
}

/** What happened, as a sentence of the timeline. */
export const smsWordsOf = ({ type, data }: SmsEvent, language: Language): string =>
  (sentences[type] as (data: unknown) => Record<Language, string>)(data)[language]
