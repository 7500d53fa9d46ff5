/** Labels of codes, from `GET /v1/codes`: the words of the rulebook. */
import { signal } from '@preact/signals'
import { get } from './api.ts'
import { language, said, tags } from './words.ts'

type Label = { 'zh-CN': string; en: string }
type CodeEntry = { code: string; label: Label }
export type CodeList =
  | 'categories'
  | 'levels'
  | 'states'
  | 'tiers'
  | 'kinds'
  | 'channels'
  | 'sources'
  | 'flags'
  | 'warningCodes'
  | 'methods'
  | 'callbackOutcomes'
  | 'severities'
  | 'remedies'
  | 'decisions'
  | 'goodwillKinds'
  | 'verdicts'
  | 'roles'
  | 'events'
  | 'inquiryStates'
  | 'inquiryTopics'
  | 'notCountedReasons'
  | 'letterKinds'
  | 'attachmentTypes'
  | 'measures'
  | 'objectionStatuses'
  | 'objectionDecisions'
  | 'smsActions'
  | 'smsDuties'
  | 'smsRequestStatuses'
  | 'careKinds'
  | 'careStatuses'
  | 'careResults'
  | 'careOutcomes'
  | 'triageStatuses'
  | 'voiceSurveys'
  | 'voiceDropReasons'
  | 'voiceItemStatuses'
  | 'voiceSheetStatuses'
  | 'voiceSteps'
  | 'voiceAuditDecisions'
  | 'voiceLedgerKinds'

const codes = signal<Partial<Record<CodeList, readonly CodeEntry[]>>>({})

export const loadCodes = async (): Promise<void> => {
  codes.value = (await get<Record<CodeList, CodeEntry[]>>('/v1/codes')).data
}

/** The label of a code; the code itself where the list has none. */
export const label = (list: CodeList, code: string): string => {
  const found = codes.value[list]?.find((each) => each.code === code)
  return found === undefined ? code : said(found.label[tags[language.value] as keyof Label])
}

/** Categories of a new complaint by code and name; C4 is only converted to. */
export const categoryChoices = (): { value: string; text: string }[] =>
  choicesOf('categories')
    .filter(({ value }) => value !== 'C4')
    .map(({ value, text }) => ({ value, text: `${value} ${text}` }))

/** All of a list, as choices. */
export const choicesOf = (list: CodeList): { value: string; text: string }[] =>
  (codes.value[list] ?? []).map(({ code }) => ({ value: code, text: label(list, code) }))
