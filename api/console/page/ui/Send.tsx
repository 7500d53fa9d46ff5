/** A short form in a dialog: its fields, a problem in the API's words, and one act however often it is pressed. */
import type { ComponentChildren } from 'preact'
import type { ApiProblem } from '../core/api.ts'
import { say } from '../core/words.ts'
import { Dialog } from './Dialog.tsx'
import { ProblemNote } from './ProblemNote.tsx'
import { useSending } from './sending.ts'
import { uiWords } from './words.ts'

type Props = {
  title: string
  /** Sends it under a key of this one act. @throws ApiProblem */
  send(key: string): Promise<unknown>
  /** Whether nothing is missing; it is not sent else. */
  isComplete?: () => boolean
  onDone(): void
  onClose(): void
  /** What cannot be taken back. */
  caution?: string
  /** The fields, which may show what was wrong with each. */
  children?: ComponentChildren | ((problem: ApiProblem | null) => ComponentChildren)
}

export const SendDialog = ({ title, send, isComplete, onDone, onClose, caution, children }: Props) => {
  const { isSending, problem, run } = useSending()
  const submit = (event: Event): void => {
    event.preventDefault()
    if (isComplete?.() === false) return
    void run(async (key) => {
      await send(key)
      onDone()
    })
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="dialog-form" onSubmit={submit} noValidate>
        {typeof children === 'function' ? children(problem.value) : children}
        {caution !== undefined && <p class="caution">{caution}</p>}
        {problem.value !== null && <ProblemNote problem={problem.value} isWrite />}
        <p class="buttons">
          <button type="submit" class="primary" aria-disabled={isSending.value}>
            {say(isSending.value ? uiWords.sending : uiWords.send)}
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            {say(uiWords.cancel)}
          </button>
        </p>
      </form>
    </Dialog>
  )
}
