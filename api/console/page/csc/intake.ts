/** The form of a complaint: what is typed, what is sent, what is missing. Pure functions. */

export type IntakeForm = {
  phone: string
  name: string
  category: string
  source: string
  dealerCode: string
  channel: string
  content: string
  vin: string
  plateNo: string
  model: string
  /** `auto`, `new`, or the number of a ticket. */
  sameProblemAs: string
  flags: readonly string[]
}

export const emptyForm: IntakeForm = {
  phone: '',
  name: '',
  category: '',
  source: '',
  dealerCode: '',
  channel: 'phone',
  content: '',
  vin: '',
  plateNo: '',
  model: '',
  sameProblemAs: 'auto',
  flags: [],
}

export const isB4 = ({ category }: Pick<IntakeForm, 'category'>): boolean => category === 'B4'

/** Enough of a phone to look for its customer: fewer digits are no key (rulebook §6). */
export const isPhone = (text: string): boolean => text.replace(/\D/g, '').length >= 7

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** The body of `POST /v1/complaints`. */
export const complaintOf = (typed: IntakeForm) => ({
  channel: typed.channel,
  category: typed.category,
  source: isB4(typed) ? orNull(typed.source) : null,
  dealerCode: orNull(typed.dealerCode),
  customer: { name: typed.name.trim(), phone: orNull(typed.phone) },
  vehicle: { vin: orNull(typed.vin), plateNo: orNull(typed.plateNo), model: orNull(typed.model) },
  content: typed.content.trim(),
  flags: typed.flags,
  sameProblemAs: typed.sameProblemAs === 'new' ? null : typed.sameProblemAs,
})

/** The fields that are required and empty. */
export const missingIn = (typed: IntakeForm): ('name' | 'category' | 'source' | 'content')[] =>
  (['name', 'category', 'source', 'content'] as const).filter(
    (field) => (field !== 'source' || isB4(typed)) && typed[field].trim() === '',
  )
