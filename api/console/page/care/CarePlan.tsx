/** The plan of a handover: every task with its state and due, and form F3 to print. */
import { useSignal } from '@preact/signals'
import type { HandoverAnswer } from '../../../care/responseSchemas.ts'
import { ApiProblem } from '../core/api.ts'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { listWords } from '../lists/words.ts'
import { openForm } from '../ticket/forms.ts'
import { instant } from '../time/format.ts'
import { timeWords } from '../time/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { careWords as words } from './words.ts'

export const CarePlan = ({ handoverId, mayPrint }: { handoverId: string; mayPrint: boolean }) => {
  const path = `/v1/handovers/${encodeURIComponent(handoverId)}`
  const { answer, problem } = useAnswer<HandoverAnswer>(path)
  const failed = useSignal<ApiProblem | null>(null)
  const note = failed.value ?? problem.value
  const handover = answer.value
  const print = (): void => {
    failed.value = null
    openForm(`${path}/forms/follow-up`).catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error
      failed.value = error
    })
  }
  if (handover === null)
    return note === null ? <p class="empty">{say(listWords.loading)}</p> : <ProblemNote problem={note} />
  return (
    <>
      {note !== null && <ProblemNote problem={note} />}
      <p class="hint">{say(words.handedOver, { at: instant(handover.handedOverAt, 'long') })}</p>
      <ul class="plan">
        {handover.tasks.map(({ taskId, kind, status, opensAt, dueAt, endedAt }) => (
          <li key={taskId}>
            {label('careKinds', kind)}{' '}
            <span class="tag">{status === null ? say(words.notOpen) : label('careStatuses', status)}</span>{' '}
            <span class="row-who">
              {endedAt !== null
                ? instant(endedAt)
                : status === null
                  ? say(words.opens, { at: instant(opensAt) })
                  : say(timeWords.due, { at: instant(dueAt) })}
            </span>
          </li>
        ))}
      </ul>
      {mayPrint && (
        <p class="buttons">
          <button type="button" class="quiet" data-act="print" onClick={print}>
            {say(words.print)}
          </button>
        </p>
      )}
    </>
  )
}
