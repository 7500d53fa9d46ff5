/** A labelled choice of one file, or of several. */
import { useId } from 'preact/hooks'
import { say } from '../core/words.ts'
import { uiWords } from '../ui/words.ts'

type Props = {
  text: string
  /** Said where it is empty; the field is optional where it is left out. */
  isMissing?: boolean
  isMultiple?: boolean
  onFiles(files: readonly File[]): void
}

export const FileField = ({ text, isMissing, isMultiple = false, onFiles }: Props) => {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>
        {text} {isMissing === undefined && <span class="optional">{say(uiWords.optional)}</span>}
      </label>
      <input
        id={id}
        type="file"
        multiple={isMultiple}
        aria-invalid={isMissing === true}
        {...(isMissing === true && { 'aria-describedby': `${id}-note` })}
        onChange={({ currentTarget }) => onFiles([...(currentTarget.files ?? [])])}
      />
      {isMissing === true && (
        <p id={`${id}-note`} class="fault">
          {say(uiWords.isMissing)}
        </p>
      )}
    </div>
  )
}
