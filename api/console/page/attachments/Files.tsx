/** The attachments of a ticket or another owner: a list, each as a download, a form to add one, and removal. */
import { useSignal } from '@preact/signals'
import { ApiProblem } from '../core/api.ts'
import { label } from '../core/codes.ts'
import { say } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import type { StreamItem } from '../live/reader.ts'
import { instant } from '../time/format.ts'
import { AskDialog, type AskedField, bodyOf } from '../ui/asked.tsx'
import { Field } from '../ui/Field.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SendDialog } from '../ui/Send.tsx'
import {
  download,
  mostAttachments,
  removeFile,
  type ShownAttachment,
  sizeOf,
  uploadFile,
} from './attachments.ts'
import { FileField } from './FileField.tsx'
import { attachmentWords as words } from './words.ts'

type AddProps = { path: string; onDone(): void; onClose(): void }

const Add = ({ path, ...dialog }: AddProps) => {
  const file = useSignal<File | null>(null)
  const description = useSignal('')
  const isTried = useSignal(false)
  return (
    <SendDialog
      title={say(words.add)}
      isComplete={() => {
        isTried.value = true
        return file.peek() !== null
      }}
      send={(key) => uploadFile(path, file.peek() as File, { description: description.peek(), key })}
      {...dialog}
    >
      <FileField
        text={say(words.file)}
        isMissing={isTried.value && file.value === null}
        onFiles={([chosen]) => {
          file.value = chosen ?? null
        }}
      />
      <Field
        kind="line"
        text={say(words.description)}
        value={description.value}
        onValue={(value) => {
          description.value = value
        }}
      />
    </SendDialog>
  )
}

type FileItemProps = {
  /** Of the list over the API. */
  path: string
  attachment: ShownAttachment
  onRemove?: (() => void) | undefined
}

export const FileItem = ({ path, attachment, onRemove }: FileItemProps) => {
  const problem = useSignal<ApiProblem | null>(null)
  const save = (): void => {
    problem.value = null
    download(path, attachment).catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error
    })
  }
  return (
    <li>
      <strong translate={false}>{attachment.name ?? say(words.erased)}</strong>{' '}
      <span class="row-who">
        {label('attachmentTypes', attachment.mediaType)} ·{' '}
        <span translate={false}>{sizeOf(attachment.bytes)}</span> ·{' '}
        <span translate={false}>
          {instant(attachment.addedAt)} {attachment.addedBy}
        </span>
      </span>
      {attachment.description !== null && <p translate={false}>{attachment.description}</p>}
      <p class="buttons">
        {attachment.name !== null && (
          <button type="button" class="quiet" data-act="download" onClick={save}>
            {say(words.download)}
          </button>
        )}
        {onRemove !== undefined && (
          <button type="button" class="quiet" data-act="remove" onClick={onRemove}>
            {say(words.remove)}
          </button>
        )}
      </p>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
    </li>
  )
}

const removalFields: readonly AskedField[] = [
  { name: 'reason', text: words.reason, kind: 'area', isRequired: true },
]

type Props = {
  /** Of the list over the API. */
  path: string
  mayAdd: boolean
  mayRemove: boolean
  /** Whether an item may change the list. */
  concerns(item: StreamItem): boolean
  /** One was added or removed. */
  onDone?(): void
}

/** For those who see the customer; the service shows files to nobody else. */
export const Files = ({ path, mayAdd, mayRemove, concerns, onDone }: Props) => {
  const { answer, readAgain, problem } = useAnswer<{ items: ShownAttachment[] }>(path, concerns)
  const open = useSignal<'add' | ShownAttachment | null>(null)
  const close = (): void => {
    open.value = null
  }
  const dialog = {
    onClose: close,
    onDone: () => {
      close()
      readAgain()
      onDone?.()
    },
  }
  const shown = open.value
  const items = answer.value?.items
  return (
    <section aria-label={say(words.title)} class="attachments">
      <h2>{say(words.title)}</h2>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {items?.length === 0 && <p class="empty">{say(words.none)}</p>}
      <ul class="papers">
        {items?.map((attachment) => (
          <FileItem
            key={attachment.attachmentId}
            path={path}
            attachment={attachment}
            onRemove={
              mayRemove
                ? () => {
                    open.value = attachment
                  }
                : undefined
            }
          />
        ))}
      </ul>
      {mayAdd && items !== undefined && items.length < mostAttachments && (
        <button
          type="button"
          class="quiet"
          data-act="attach"
          onClick={() => {
            open.value = 'add'
          }}
        >
          {say(words.add)}
        </button>
      )}
      {shown === 'add' && <Add path={path} {...dialog} />}
      {shown !== null && shown !== 'add' && (
        <AskDialog
          title={`${say(words.remove)} ${shown.name ?? ''}`}
          fields={removalFields}
          send={(values, key) =>
            removeFile(path, shown.attachmentId, { body: bodyOf(removalFields, values), key })
          }
          caution={say(words.removeCaution)}
          {...dialog}
        />
      )}
    </section>
  )
}
