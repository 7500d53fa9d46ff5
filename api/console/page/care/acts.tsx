/** What is done at the care desk, as short forms (rulebook §15); the service judges each again. */
import type { CareTaskRowAnswer } from '../../../care/responseSchemas.ts'
import { categoryChoices, choicesOf } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { me } from '../session/session.ts'
import { AskDialog, type AskedField, bodyOf, type Values } from '../ui/asked.tsx'
import { careWords as words } from './words.ts'

export type CareAct = 'call' | 'complaint' | 'dismiss'

/** What is open on the screen. */
export type CareAction = { act: CareAct; task: CareTaskRowAnswer } | { act: 'handover' }

const callFields: readonly AskedField[] = [
  {
    name: 'result',
    text: words.result,
    kind: 'choice',
    isRequired: true,
    choices: () => choicesOf('careResults'),
  },
  {
    name: 'outcome',
    text: words.outcome,
    kind: 'choice',
    hint: words.outcomeHint,
    choices: () => choicesOf('careOutcomes'),
  },
  { name: 'product', text: words.product, kind: 'area', hint: words.feedbackHint },
  { name: 'service', text: words.service, kind: 'area' },
  { name: 'other', text: words.other, kind: 'area' },
  { name: 'mileageKm', text: words.mileage, kind: 'number' },
  { name: 'firstServiceOn', text: words.firstService, kind: 'date' },
]

/** Each flag is a box of its own. */
const flagField = (flag: string, text: string): AskedField => ({
  name: `flag-${flag}`,
  text: { en: text, zh: text },
  kind: 'check',
})

const complaintFields = (): readonly AskedField[] => [
  {
    name: 'category',
    text: words.category,
    kind: 'choice',
    isRequired: true,
    choices: categoryChoices,
  },
  ...choicesOf('flags').map(({ value, text }) => flagField(value, text)),
]

const complaintBody = ({ category, ...values }: Values) => ({
  category,
  flags: choicesOf('flags').flatMap(({ value }) => (values[`flag-${value}`] === 'yes' ? [value] : [])),
})

const dismissFields: readonly AskedField[] = [
  { name: 'reason', text: words.reason, kind: 'area', isRequired: true },
]

const handoverFields: readonly AskedField[] = [
  { name: 'handedOverAt', text: words.handedOverAt, kind: 'instant', isRequired: true },
  { name: 'vin', text: words.vin, kind: 'line' },
  { name: 'plateNo', text: words.plate, kind: 'line' },
  { name: 'model', text: words.model, kind: 'line' },
  { name: 'name', text: words.name, kind: 'line', isRequired: true },
  { name: 'phone', text: words.phone, kind: 'line', isRequired: true },
  { name: 'salesConsultant', text: words.consultant, kind: 'line' },
  { name: 'insuranceEndsOn', text: words.insuranceEndsOn, kind: 'date' },
]

const handoverBody = (values: Values) => {
  const { name, phone, ...rest } = bodyOf(handoverFields, values)
  return { ...rest, dealerCode: me.peek()?.dealer, customer: { name, phone } }
}

type Props = { doing: CareAction; onDone(): void; onClose(): void }

/** The form of what is done. */
export const CareDialog = ({ doing, ...dialog }: Props) => {
  const title = say(words[doing.act])
  if (doing.act === 'handover')
    return (
      <AskDialog title={title} path="/v1/handovers" fields={handoverFields} body={handoverBody} {...dialog} />
    )
  const path = `/v1/care/tasks/${encodeURIComponent(doing.task.taskId)}`
  if (doing.act === 'call')
    return <AskDialog title={title} path={`${path}/attempts`} fields={callFields} {...dialog} />
  if (doing.act === 'dismiss')
    return (
      <AskDialog
        title={title}
        path={`${path}/dismiss`}
        fields={dismissFields}
        caution={say(words.dismissCaution)}
        {...dialog}
      />
    )
  return (
    <AskDialog
      title={title}
      path={`${path}/complaint`}
      fields={complaintFields()}
      body={complaintBody}
      {...dialog}
    />
  )
}
