/** A modal dialog: focus goes to the first field of its form, else to its button, and returns where it was. */
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { say } from '../core/words.ts'
import { uiWords as words } from './words.ts'

/** Of a form: a switch of the help is none. */
const fields = 'form input, form select, form textarea'

type Props = { title: string; onClose(): void; children: ComponentChildren }

export const Dialog = ({ title, onClose, children }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const isTouched = useRef(false)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>(fields)?.focus()
    return () => before?.focus()
  }, [])
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onClose={onClose}
      onInput={({ target }) => {
        if (target instanceof Element && target.matches(fields)) isTouched.current = true
      }}
      onKeyDown={(event) => {
        // what was typed is never lost by a key
        if (event.key === 'Escape' && isTouched.current) event.preventDefault()
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {say(words.close)}
        </button>
      </header>
      {children}
    </dialog>
  )
}
