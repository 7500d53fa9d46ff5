/**
 * A form over something that is set in versions. What is sent goes against the version that was shown; where another was
 * set meanwhile, its changes are shown, what was typed stays, and it can be sent again.
 */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { say, type Words } from '../core/words.ts'
import { type AskedField, Fields, faultOf } from '../ui/asked.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useSending } from '../ui/sending.ts'
import { uiWords } from '../ui/words.ts'

const words = {
  changes: { en: 'What was changed meanwhile', zh: '期间发生的变更' },
  kept: { en: 'What you typed is still here.', zh: '您填写的内容仍然保留。' },
  change: { en: '{name}: {from} → {to}', zh: '{name}：{from} → {to}' },
  nothing: { en: 'nothing', zh: '无' },
  sendAllTheSame: { en: 'Send all the same', zh: '仍然提交' },
} as const satisfies Record<string, Words>

/** Fields under a heading; without one where it is left out. */
export type FieldGroup = { name: string; title?: Words; fields: readonly AskedField[] }

/** The fields as texts, and the version they are of. */
export type ShownSettings = { values: Readonly<Record<string, string>>; etag: string | null }

type Props = {
  title: string
  groups: readonly FieldGroup[]
  shown: ShownSettings
  isReadOnly: boolean
  /** As it is now. @throws ApiProblem */
  read(): Promise<ShownSettings>
  /** @throws ApiProblem */
  save(values: ShownSettings['values'], options: { key: string; ifMatch?: string }): Promise<void>
}

type Change = { name: Words; from: string; to: string }

/** What was typed over `before` stays; the rest is as it is `now`. */
const merged = (
  typed: ShownSettings['values'],
  before: ShownSettings['values'],
  now: ShownSettings['values'],
): ShownSettings['values'] =>
  Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [
      name,
      value === before[name] ? (now[name] ?? value) : value,
    ]),
  )

const inWords = (kind: AskedField['kind'], value = ''): string => {
  if (kind === 'check') return say(value === 'yes' ? uiWords.yes : uiWords.no)
  return value || say(words.nothing)
}

const Group = ({ title, children }: { title?: string; children: ComponentChildren }) => {
  if (title === undefined) return <div class="filters">{children}</div>
  return (
    <fieldset class="group">
      <legend>{title}</legend>
      <div class="filters">{children}</div>
    </fieldset>
  )
}

export const SettingsForm = ({ title, groups, shown, isReadOnly, read, save }: Props) => {
  const base = useSignal(shown)
  const typed = useSignal(shown.values)
  const changes = useSignal<readonly Change[] | null>(null)
  const { isSending, problem, run } = useSending()
  const fields = groups.flatMap((group) => group.fields)

  const showChanges = async (): Promise<void> => {
    const before = base.peek()
    const now = await read()
    changes.value = fields
      .map(({ name, text, kind }) => ({
        name: text,
        from: inWords(kind, before.values[name]),
        to: inWords(kind, now.values[name]),
      }))
      .filter(({ from, to }) => from !== to)
    typed.value = merged(typed.peek(), before.values, now.values)
    base.value = now
  }
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (fields.some((field) => faultOf(field, typed.peek()) !== null)) return
    const { etag } = base.peek()
    const met = await run((key) => save(typed.peek(), { key, ...(etag !== null && { ifMatch: etag }) }))
    if (met?.code === 'version_conflict') await showChanges().catch(() => undefined)
  }

  return (
    <form class="settings" onSubmit={submit} noValidate aria-label={title}>
      {groups.map((group) => (
        <Group key={group.name} {...(group.title && { title: say(group.title) })}>
          <Fields
            fields={group.fields}
            values={typed.value}
            isTried
            isReadOnly={isReadOnly}
            problem={problem.value}
            onValues={(values) => {
              typed.value = values
            }}
          />
        </Group>
      ))}
      {problem.value !== null && <ProblemNote problem={problem.value} isWrite />}
      {changes.value !== null && (
        <div class="changes" role="status">
          <p>
            <strong>{say(words.changes)}</strong> {say(words.kept)}
          </p>
          <ul>
            {changes.value.map(({ name, from, to }) => (
              <li key={name.en}>{say(words.change, { name: say(name), from, to })}</li>
            ))}
          </ul>
        </div>
      )}
      {!isReadOnly && (
        <p class="buttons">
          <button type="submit" class="primary" aria-disabled={isSending.value}>
            {isSending.value
              ? say(uiWords.sending)
              : say(changes.value === null ? uiWords.send : words.sendAllTheSame)}
          </button>
        </p>
      )}
    </form>
  )
}
