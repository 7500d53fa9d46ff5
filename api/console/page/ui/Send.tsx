/** A short form in a dialog: its fields, a problem in the API's words, and one act however often it is pressed. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { ApiProblem, newKey } from '../core/api.ts'
import { say } from '../core/words.ts'
import { Dialog } from './Dialog.tsx'
import { ProblemNote } from './ProblemNote.tsx'
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
  const problem = useSignal<ApiProblem | null>(null)
  const isSending = useSignal(false)
  const key = useRef(newKey())
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (isSending.peek()) return
    isSending.value = true
    problem.value = null
    try {
      await send(key.current)
      onDone()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
      // what was refused was not done: what is sent next is another act
      if (error.status >= 400 && error.status < 500) key.current = newKey()
    } finally {
      isSending.value = false
    }
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
