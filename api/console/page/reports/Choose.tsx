/** One choice above a screen: a label and a list. */
import { useId } from 'preact/hooks'

type Props = {
  text: string
  value: string
  choices: readonly { value: string; text: string }[]
  onValue(value: string): void
}

export const Choose = ({ text, value, choices, onValue }: Props) => {
  const id = useId()
  return (
    <span class="choose">
      <label for={id}>{text}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onValue(currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} translate={false}>
            {choice.text}
          </option>
        ))}
      </select>
    </span>
  )
}
