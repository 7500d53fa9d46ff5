/** Refusals as people read them: in Chinese with labels and Shanghai time where programs read codes and UTC. */
import { roles } from './authority.ts'
import {
  inquiryStates,
  measures,
  objectionStatuses,
  smsActions,
  smsRequestStatuses,
  states,
  tiers,
  warningCodes,
} from './codes.ts'
import { instantSchema } from './instant.ts'
import { fill, type RefusalParams, type Words } from './refusal.ts'
import { shanghaiTime } from './shanghaiTime.ts'
import { routes } from './ticket/routing.ts'
import { voiceSheetStatuses } from './voice/codes.ts'

type Labels = Readonly<Record<string, Words>>

/** A code with its label, where the code is a name that people use too: `A4a 试驾`. */
const withCode = (labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels).map(([code, { en, zh }]) => [
      code,
      { en: `${code} ${en}`, zh: `${code}（${zh}）` },
    ]),
  )

const allStates: Labels = { ...inquiryStates, ...states }
const allRoutes = withCode(
  Object.fromEntries(Object.entries(routes).map(([category, { label }]) => [category, label])),
)

/** By the name of a parameter, what its codes are called. A parameter may be a comma list of them. */
const labelsOf: Readonly<Record<string, Labels>> = {
  state: allStates,
  allowed: allStates,
  roles,
  action: smsActions,
  status: { ...smsRequestStatuses, ...objectionStatuses },
  measure: measures,
  tier: tiers,
  category: allRoutes,
  warningCode: withCode(warningCodes),
  voiceStatus: voiceSheetStatuses,
  voiceAllowed: voiceSheetStatuses,
}

const chineseFirst = /^[\p{Script=Han}“（]/u
const chineseLast = /[\p{Script=Han}”）]$/u

const inChinese = (name: string, value: string | number): string | number => {
  if (typeof value === 'number') return value
  // to the second: nobody reads milliseconds
  if (instantSchema.safeParse(value).success) return `上海时间 ${shanghaiTime(value).slice(0, 19)}`
  const labels = labelsOf[name]
  if (labels === undefined) return value
  return value
    .split(/, | \/ /)
    .map((code) => labels[code]?.zh ?? code)
    .join('、')
}

/** A sentence in one language, filled with its parameters as that language says them. */
export const sayIn = (language: 'en' | 'zh', words: Words, params: RefusalParams): string => {
  if (language === 'en') return fill(words.en, params)
  // a space belongs between Chinese and a code, and not between Chinese and Chinese
  return words.zh.replace(/( ?)\{(\w+)\}( ?)/g, (_, before: string, name: string, after: string) => {
    const shown = String(inChinese(name, params[name] ?? ''))
    return (chineseFirst.test(shown) ? '' : before) + shown + (chineseLast.test(shown) ? '' : after)
  })
}
