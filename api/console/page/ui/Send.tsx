/** A short form in a dialog: its fields, a problem in the API's words, and one act however often it is pressed. */
import type { ComponentChildren } from 'preact'
import { say } from '../core/words.ts'
import { Dialog } from './Dialog.tsx'
import { ProblemNote } from './ProblemNote.tsx'
import { useSending } from './sending.ts'
import { uiWords } from './words.ts'

type Props = {
  title: string
  /** Sends it under a key of this one act. @throws ApiProblem */
  send(key: string): Promise<unknown>
  onDone(): void
  onClose(): void
  /** What cannot be taken back. */
  caution?: string
  children?: ComponentChildren
}

export const SendDialog = ({ title, send, onDone, onClose, caution, children }: Props) => {
  const { isSending, problem, run } = useSending()
  const submit = (event: Event): void => {
    event.preventDefault()
    void run(async (key) => {
      await send(key)
      onDone()
    })
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="dialog-form" onSubmit={submit} noValidate>
        {children}
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
