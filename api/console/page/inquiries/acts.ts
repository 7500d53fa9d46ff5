/** What is done with an inquiry: who may, and what is asked (rulebook §12). */
import type { Role } from '../../../../domain/authority.ts'
import { seesPersons } from '../acts/rights.ts'
import { categoryChoices, choicesOf } from '../core/codes.ts'
import type { Me } from '../session/claims.ts'
import { desk } from '../session/desk.ts'
import { dealers } from '../time/units.ts'
import type { AskedField } from '../ui/asked.tsx'
import { inquiryWords as words } from './words.ts'

export type InquiryAct = 'forward' | 'answer' | 'relay' | 'complaint' | 'withdraw'

/** Who does what in which state (rulebook §12); the service judges it again. */
const acts: Record<InquiryAct, { roles: readonly Role[]; states: readonly string[] }> = {
  answer: { roles: ['csr', 'csc_system', 'se'], states: ['open', 'forwarded'] },
  forward: { roles: ['csr', 'csc_system'], states: ['open'] },
  relay: { roles: ['csr', 'csc_system'], states: ['answered'] },
  complaint: { roles: ['csr', 'csc_system'], states: ['open', 'forwarded', 'answered'] },
  withdraw: { roles: ['csr', 'csc_supervisor'], states: ['open', 'forwarded'] },
}

/** Whether the user may do it in the role that was chosen. */
const mayDo = (act: InquiryAct, state: string): boolean => {
  const role = desk.value
  if (role === null || !acts[act].roles.includes(role) || !acts[act].states.includes(state)) return false
  // what was forwarded is answered by the SE, what was not by the call centre
  return act !== 'answer' || (role === 'se') === (state === 'forwarded')
}

export const dealerField: AskedField = {
  name: 'dealerCode',
  text: words.dealer,
  kind: 'search',
  choices: () => [...dealers.value.values()].map(({ code, name }) => ({ value: code, text: name })),
}

export const fieldsOfAct: Record<InquiryAct, readonly AskedField[]> = {
  forward: [{ name: 'note', text: words.note, kind: 'area' }],
  answer: [{ name: 'answer', text: words.answer, kind: 'area', isRequired: true }],
  relay: [
    {
      name: 'method',
      text: words.method,
      kind: 'choice',
      isRequired: true,
      choices: () => choicesOf('methods'),
    },
    { name: 'reached', text: words.reached, kind: 'check' },
    { name: 'note', text: words.note, kind: 'area' },
  ],
  complaint: [
    {
      name: 'category',
      text: words.category,
      kind: 'choice',
      isRequired: true,
      choices: categoryChoices,
    },
    dealerField,
  ],
  withdraw: [{ name: 'reason', text: words.reason, kind: 'area', isRequired: true }],
}

/** What the user may do with an inquiry in that state, in the order of the buttons. */
export const inquiryActs = (state: string): InquiryAct[] =>
  (Object.keys(acts) as InquiryAct[]).filter((act) => mayDo(act, state))

/** Files go with it until it is withdrawn; who sees customers may add one. */
export const mayAttachTo = ({ state }: { state: string }, user: Me): boolean =>
  state !== 'withdrawn' && seesPersons(user)

/** Of the path of an inquiry over the API. */
export const inquiryPath = (inquiryNo: string): string => `/v1/inquiries/${encodeURIComponent(inquiryNo)}`
