/** One labelled field of a form. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { say } from '../core/words.ts'
import { uiWords as words } from './words.ts'

export type Choice = { value: string; text: string }

type Props = {
  text: string
  value: string
  onValue(value: string): void
  kind: 'line' | 'area' | 'choice' | 'search' | 'instant' | 'date' | 'number'
  choices?: readonly Choice[]
  isRequired?: boolean
  isReadOnly?: boolean
  /** What is wrong with it. */
  fault?: string | undefined
  hint?: string | undefined
  children?: ComponentChildren
}

export const Field = ({
  text,
  value,
  onValue,
  kind,
  choices = [],
  isRequired = false,
  isReadOnly = false,
  fault,
  hint,
}: Props) => {
  const id = useId()
  const common = {
    id,
    value,
    'aria-invalid': fault !== undefined,
    ...((fault ?? hint) !== undefined && { 'aria-describedby': `${id}-note` }),
    ...(isReadOnly && (kind === 'choice' ? { disabled: true } : { readOnly: true })),
    ...(isRequired && { 'aria-required': true }),
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) => onValue(currentTarget.value),
  }
  return (
    <div class={`field field-${kind}`}>
      <label for={id}>
        {text} {!isRequired && !isReadOnly && <span class="optional">{say(words.optional)}</span>}
      </label>
      {kind === 'area' && <textarea rows={3} {...common} />}
      {kind === 'choice' && (
        <select {...common}>
          <option value="">{say(words.choose)}</option>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.text}
            </option>
          ))}
        </select>
      )}
      {kind === 'search' && (
        <>
          <input type="text" list={`${id}-list`} autocomplete="off" {...common} />
          <datalist id={`${id}-list`}>
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.text}
              </option>
            ))}
          </datalist>
        </>
      )}
      {kind === 'instant' && <input type="datetime-local" {...common} />}
      {kind === 'date' && <input type="date" {...common} />}
      {kind === 'number' && <input type="text" inputMode="numeric" autocomplete="off" {...common} />}
      {kind === 'line' && <input type="text" autocomplete="off" {...common} />}
      {(fault ?? hint) !== undefined && (
        <p id={`${id}-note`} class={fault === undefined ? 'hint' : 'fault'}>
          {fault ?? hint}
        </p>
      )}
    </div>
  )
}

type CheckProps = { text: string; isOn: boolean; isReadOnly?: boolean; onChange(isOn: boolean): void }

export const Check = ({ text, isOn, isReadOnly = false, onChange }: CheckProps) => (
  <label class="check">
    <input
      type="checkbox"
      checked={isOn}
      disabled={isReadOnly}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
    {text}
  </label>
)
