/** The form of one act: what is typed stays whatever happens to the ticket, and a double press is one act. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { useUploads } from '../attachments/attachments.ts'
import { FileField } from '../attachments/FileField.tsx'
import { attachmentWords } from '../attachments/words.ts'
import { type Answer, send } from '../core/api.ts'
import { say } from '../core/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useSending } from '../ui/sending.ts'
import { uiWords } from '../ui/words.ts'
import { askedFields, bodyOf, missingOf, specsOf, type Target, type TicketAct, type Values } from './act.ts'
import { Changes } from './Changes.tsx'
import { GroupedFields, namesOf } from './GroupedFields.tsx'
import { latestVersion, noteOwnVersion } from './ownVersions.ts'
import { actWords as words } from './words.ts'

type Props<S> = {
  act: TicketAct<S>
  subject: S
  target: Target
  onDone(answer: Answer<unknown>): void
  onCancel(): void
}

const firstValues = <S,>(act: TicketAct<S>, subject: S): Values =>
  Object.fromEntries(specsOf(act, subject).map(({ name, initial }) => [name, initial?.(subject) ?? '']))

export const ActForm = <S,>({ act, subject, target, onDone, onCancel }: Props<S>) => {
  const values = useSignal<Values>(firstValues(act, subject))
  const isTried = useSignal(false)
  const isTouched = useSignal(false)
  const { isSending, problem, run } = useSending()
  // the version the user decides on; it moves on once the changes since were shown, and with the user's own acts
  const version = useSignal(target.version)
  const decidedOn = (): number => latestVersion(target.path, version.peek())
  const since = useSignal<number | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const uploads = useUploads()

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, textarea, select, button')?.focus()
    act.prepare?.().catch(() => undefined)
  }, [])

  /** What was typed is never lost by a key: neither the form nor the panel around it closes then. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    if (!isTouched.peek()) onCancel()
  }

  const missing = missingOf(act, values.value, subject)
  const advice = act.advice?.(values.value, subject) ?? []

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    isTried.value = true
    if (missing.length > 0) return
    const path = act.path?.(values.peek(), subject) ?? act.name
    const met = await run(async (key) => {
      const attachmentIds = await uploads.upload(`${target.path}/attachments`, {
        key,
        decidedOn,
      })
      const sentOn = decidedOn()
      const answer = await send<unknown>(`${target.path}/${path}`, {
        body: bodyOf(act, values.peek(), subject, attachmentIds),
        key,
        ifMatch: `"${sentOn}"`,
      })
      noteOwnVersion(target.path, answer.version, sentOn)
      onDone(answer)
    })
    if (met?.code !== 'version_conflict') return
    since.value = decidedOn()
    version.value = Math.max(target.version, since.value)
  }

  return (
    <form
      ref={form}
      class="act-form"
      onSubmit={submit}
      onKeyDown={onKeyDown}
      onInput={() => {
        isTouched.value = true
      }}
      noValidate
      aria-label={say(act.words)}
    >
      <h3>{say(act.words)}</h3>
      <GroupedFields
        fields={askedFields(act, values.value, subject)}
        values={values.value}
        isTried={isTried.value}
        problem={problem.value}
        onValues={(next) => {
          values.value = next
        }}
      />
      {act.takesFiles?.(subject) === true && (
        <FileField text={say(attachmentWords.files)} isMultiple onFiles={uploads.choose} />
      )}
      {(missing.length > 0 || advice.length > 0) && (
        <ul class="missing">
          {missing.length > 0 && (
            <li>
              {say(words.missing, {
                fields: namesOf(missing),
              })}
            </li>
          )}
          {advice.map((each) => (
            <li key={each.en}>{say(each)}</li>
          ))}
        </ul>
      )}
      {act.caution !== undefined && <p class="caution">{say(act.caution)}</p>}
      {problem.value !== null && <ProblemNote problem={problem.value} isWrite />}
      {since.value !== null && (
        <Changes
          path={target.path}
          since={since.value}
          onSeen={(seen) => {
            version.value = Math.max(seen, version.peek())
          }}
        />
      )}
      <p class="buttons">
        <button type="submit" class="primary" aria-disabled={isSending.value}>
          {isSending.value
            ? say(uiWords.sending)
            : say(since.value === null ? uiWords.send : words.sendAllTheSame)}
        </button>
        <button type="button" class="quiet" onClick={onCancel}>
          {say(uiWords.cancel)}
        </button>
      </p>
    </form>
  )
}
