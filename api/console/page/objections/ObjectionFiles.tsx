/** The files an objection refers to: read when somebody asks for them, for a list of objections has many. */
import { useSignal } from '@preact/signals'
import { seesPersons } from '../acts/rights.ts'
import type { ShownAttachment } from '../attachments/attachments.ts'
import { FileItem } from '../attachments/Files.tsx'
import { attachmentWords } from '../attachments/words.ts'
import { say } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { me } from '../session/session.ts'
import { filesPathOf } from '../ticket/Attachments.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { type ShownObjection, objectionWords as words } from './objection.ts'

type Props = { objection: Pick<ShownObjection, 'ticketNo' | 'attachmentIds'> }

const Found = ({ objection: { ticketNo, attachmentIds } }: Props) => {
  const path = filesPathOf(ticketNo)
  const { answer, problem } = useAnswer<{ items: ShownAttachment[] }>(
    path,
    (item) => item.ticketNo === ticketNo,
  )
  const items = answer.value?.items.filter(({ attachmentId }) => attachmentIds.includes(attachmentId))
  return (
    <>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      <ul class="papers">
        {items?.map((attachment) => (
          <FileItem key={attachment.attachmentId} path={path} attachment={attachment} />
        ))}
      </ul>
      {items !== undefined && items.length < attachmentIds.length && (
        <p class="hint">{say(attachmentWords.removed)}</p>
      )}
    </>
  )
}

export const ObjectionFiles = ({ objection }: Props) => {
  const isOpen = useSignal(false)
  const user = me.value
  const text = say(attachmentWords.count, { count: objection.attachmentIds.length })
  if (user === null || !seesPersons(user))
    return (
      <span class="row-who">
        {text}: {say(words.masked)}
      </span>
    )
  return (
    <div class="row-what above">
      <button
        type="button"
        class="quiet"
        data-act="files"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        {text}
      </button>
      {isOpen.value && <Found objection={objection} />}
    </div>
  )
}
