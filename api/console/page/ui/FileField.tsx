/** A labelled choice of one file. */
import { useId } from 'preact/hooks'
import { say } from '../core/words.ts'
import { uiWords } from './words.ts'

type Props = { text: string; isMissing: boolean; onFile(file: File | null): void }

export const FileField = ({ text, isMissing, onFile }: Props) => {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{text}</label>
      <input
        id={id}
        type="file"
        aria-invalid={isMissing}
        {...(isMissing && { 'aria-describedby': `${id}-note` })}
        onChange={({ currentTarget }) => onFile(currentTarget.files?.[0] ?? null)}
      />
      {isMissing && (
        <p id={`${id}-note`} class="fault">
          {say(uiWords.isMissing)}
        </p>
      )}
    </div>
  )
}
