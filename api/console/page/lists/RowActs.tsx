/** The acts on a row of a list, as buttons. */
import { say, type Words } from '../core/words.ts'

type Props<Act extends string> = {
  acts: readonly Act[]
  words: Readonly<Record<Act, Words>>
  onAct(act: Act): void
}

export const RowActs = <Act extends string>({ acts, words, onAct }: Props<Act>) =>
  acts.length > 0 && (
    <span class="buttons above">
      {acts.map((act) => (
        <button key={act} type="button" data-act={act} onClick={() => onAct(act)}>
          {say(words[act])}
        </button>
      ))}
    </span>
  )
