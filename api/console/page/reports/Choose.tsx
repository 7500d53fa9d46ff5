/** One choice above a screen: a label and a list. */
import { useId } from 'preact/hooks'

type Props = {
  text: string
  chosen: { value: string }
  choices: readonly { value: string; text: string }[]
  /** Called after another was chosen. */
  onChosen?(): void
}

export const Choose = ({ text, chosen, choices, onChosen }: Props) => {
  const id = useId()
  return (
    <span class="choose">
      <label for={id}>{text}</label>
      <select
        id={id}
        value={chosen.value}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value
          onChosen?.()
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} translate={false}>
            {choice.text}
          </option>
        ))}
      </select>
    </span>
  )
}
