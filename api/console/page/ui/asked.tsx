/** Fields of a short form as values: what is asked, what is missing, what is sent. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { type ApiProblem, send as sendToApi } from '../core/api.ts'
import { say, type Words } from '../core/words.ts'
import { instantOf } from '../time/format.ts'
import { Check, type Choice, Field } from './Field.tsx'
import { SendDialog } from './Send.tsx'
import { uiWords } from './words.ts'

export type Values = Readonly<Record<string, string>>

export type AskedField = {
  name: string
  text: Words
  kind: 'line' | 'area' | 'choice' | 'search' | 'check' | 'number' | 'instant' | 'date'
  isRequired?: boolean
  hint?: Words
  /** What several fields in a row are about, such as one item. */
  group?: string | undefined
  choices?: () => readonly Choice[]
  /** What is wrong with a text that is not empty. */
  fault?: (text: string) => Words | null
}

const sentValue = (kind: AskedField['kind'], value: string): unknown => {
  if (kind === 'instant') return instantOf(value)
  // what is no number is sent as it is written, and refused at its place
  return kind === 'number' && Number.isFinite(Number(value)) ? Number(value) : value
}

/** What was filled in; a box that is not ticked is `false`. */
export const bodyOf = (fields: readonly AskedField[], values: Values): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap(({ name, kind }): [string, unknown][] => {
      const value = (values[name] ?? '').trim()
      if (kind === 'check') return [[name, value === 'yes']]
      return value === '' ? [] : [[name, sentValue(kind, value)]]
    }),
  )

/** What is wrong with a field as it is filled in; `null`: nothing. */
export const faultOf = ({ name, isRequired, fault }: AskedField, values: Values): Words | null => {
  const text = (values[name] ?? '').trim()
  if (text === '') return isRequired === true ? uiWords.isMissing : null
  return fault?.(text) ?? null
}

/** What the service said of a field: by its place in what was sent, a dot for each step, or by its name alone. */
const saidOf = (name: string, problem: ApiProblem | null): string | undefined => {
  const at = `/${name.replaceAll('.', '/')}`
  return problem?.places.find(({ pointer }) => pointer.endsWith(at) || pointer.startsWith(`#${at}/`))?.detail
}

type FieldsProps = {
  fields: readonly AskedField[]
  values: Values
  /** Whether what is missing or wrong is said at its place. */
  isTried?: boolean
  isReadOnly?: boolean
  problem?: ApiProblem | null
  onValues(values: Values): void
}

export const Fields = (props: FieldsProps) => {
  const { fields, values, isTried = false, isReadOnly = false, problem = null, onValues } = props
  return (
    <>
      {fields.map((field) => {
        const { name, text, kind, isRequired, hint, choices } = field
        const set = (value: string): void => onValues({ ...values, [name]: value })
        if (kind === 'check')
          return (
            <Check
              key={name}
              text={say(text)}
              isOn={values[name] === 'yes'}
              isReadOnly={isReadOnly}
              onChange={(isOn) => set(isOn ? 'yes' : '')}
            />
          )
        const fault = isTried ? faultOf(field, values) : null
        return (
          <Field
            key={name}
            kind={kind}
            text={say(text)}
            value={values[name] ?? ''}
            isRequired={isRequired === true}
            isReadOnly={isReadOnly}
            hint={hint && say(hint)}
            choices={choices?.() ?? []}
            fault={fault === null ? saidOf(name, problem) : say(fault)}
            onValue={set}
          />
        )
      })}
    </>
  )
}

type DialogProps = {
  title: string
  fields: readonly AskedField[]
  initial?: Values
  caution?: string
  /** More of the form, below the fields; a function of them where it depends on what was typed. */
  children?: ComponentChildren | ((values: Values) => ComponentChildren)
  onDone(): void
  onClose(): void
} & (
  | {
      /** Where it is sent. */
      path: string
      /** What is sent, where it is another thing than the fields by their names. */
      body?: (values: Values) => unknown
    }
  | {
      /** Sends it, where that is more than one call. @throws ApiProblem */
      send(values: Values, key: string): Promise<unknown>
    }
)

/** A short form in a dialog, sent to one address. */
export const AskDialog = (props: DialogProps) => {
  const { title, fields, initial = {}, caution, children, onDone, onClose } = props
  const values = useSignal(initial)
  const isTried = useSignal(false)
  const sendValues = (key: string): Promise<unknown> => {
    if ('send' in props) return props.send(values.peek(), key)
    const body = props.body?.(values.peek()) ?? bodyOf(fields, values.peek())
    return sendToApi(props.path, { body, key })
  }
  return (
    <SendDialog
      title={title}
      isComplete={() => {
        isTried.value = true
        return !fields.some((field) => faultOf(field, values.peek()) !== null)
      }}
      send={sendValues}
      onDone={onDone}
      onClose={onClose}
      {...(caution !== undefined && { caution })}
    >
      {(problem) => (
        <>
          <Fields
            fields={fields}
            values={values.value}
            isTried={isTried.value}
            problem={problem}
            onValues={(next) => {
              values.value = next
            }}
          />
          {typeof children === 'function' ? children(values.value) : children}
        </>
      )}
    </SendDialog>
  )
}
