/** Fields of a short form as values: what is asked, what is missing, what is sent. */
import { useSignal } from '@preact/signals'
import { type ApiProblem, send as sendToApi } from '../core/api.ts'
import { say, type Words } from '../core/words.ts'
import { Check, type Choice, Field } from './Field.tsx'
import { SendDialog } from './Send.tsx'
import { uiWords } from './words.ts'

export type Values = Readonly<Record<string, string>>

export type AskedField = {
  name: string
  text: Words
  kind: 'line' | 'area' | 'choice' | 'search' | 'check' | 'number'
  isRequired?: boolean
  hint?: Words
  choices?: () => readonly Choice[]
}

/** What was filled in; a box that is not ticked is `false`. */
export const bodyOf = (fields: readonly AskedField[], values: Values): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap(({ name, kind }): [string, unknown][] => {
      const value = (values[name] ?? '').trim()
      if (kind === 'check') return [[name, value === 'yes']]
      return value === '' ? [] : [[name, value]]
    }),
  )

const isEmpty = ({ name, isRequired }: AskedField, values: Values): boolean =>
  isRequired === true && (values[name] ?? '').trim() === ''

type FieldsProps = {
  fields: readonly AskedField[]
  values: Values
  /** Whether what is missing is said at its place. */
  isTried?: boolean
  problem?: ApiProblem | null
  onValues(values: Values): void
}

export const Fields = ({ fields, values, isTried = false, problem = null, onValues }: FieldsProps) => (
  <>
    {fields.map((field) => {
      const { name, text, kind, isRequired, hint, choices } = field
      if (kind === 'check')
        return (
          <Check
            key={name}
            text={say(text)}
            isOn={values[name] === 'yes'}
            onChange={(isOn) => onValues({ ...values, [name]: isOn ? 'yes' : '' })}
          />
        )
      return (
        <Field
          key={name}
          kind={kind}
          text={say(text)}
          value={values[name] ?? ''}
          isRequired={isRequired === true}
          hint={hint && say(hint)}
          choices={choices?.() ?? []}
          fault={
            isTried && isEmpty(field, values)
              ? say(uiWords.isMissing)
              : problem?.places.find(({ pointer }) => pointer.endsWith(`/${name}`))?.detail
          }
          onValue={(value) => onValues({ ...values, [name]: value })}
        />
      )
    })}
  </>
)

type DialogProps = {
  title: string
  /** Where it is sent. */
  path: string
  fields: readonly AskedField[]
  initial?: Values
  /** What is sent, where it is another thing than the fields by their names. */
  body?: (values: Values) => unknown
  caution?: string
  onDone(): void
  onClose(): void
}

/** A short form in a dialog, sent to one address. */
export const AskDialog = ({ title, path, fields, initial = {}, body, ...dialog }: DialogProps) => {
  const values = useSignal(initial)
  const isTried = useSignal(false)
  return (
    <SendDialog
      title={title}
      isComplete={() => {
        isTried.value = true
        return !fields.some((field) => isEmpty(field, values.peek()))
      }}
      send={(key) => sendToApi(path, { body: body?.(values.peek()) ?? bodyOf(fields, values.peek()), key })}
      {...dialog}
    >
      {(problem) => (
        <Fields
          fields={fields}
          values={values.value}
          isTried={isTried.value}
          problem={problem}
          onValues={(next) => {
            values.value = next
          }}
        />
      )}
    </SendDialog>
  )
}
