/** The attachments of a ticket: a list, each as a download, a form to add one, and removal. */
import { useSignal } from '@preact/signals'
import type { AttachmentAnswer } from '../../../attachments/present.ts'
import type { TicketAnswer } from '../../../tickets/responseSchemas.ts'
import { mayAttach, mayRemoveAttachment, maySeePerson } from '../acts/rights.ts'
import { ApiProblem, fetchAnswer, send } from '../core/api.ts'
import { label } from '../core/codes.ts'
import { say, type Words } from '../core/words.ts'
import { useAnswer } from '../lists/answer.ts'
import { me } from '../session/session.ts'
import { instant } from '../time/format.ts'
import { AskDialog } from '../ui/asked.tsx'
import { Field } from '../ui/Field.tsx'
import { FileField } from '../ui/FileField.tsx'
import { SendDialog } from '../ui/Send.tsx'
import { saveFile } from './forms.ts'

const words = {
  title: { en: 'Attachments', zh: '附件' },
  add: { en: 'Add a file', zh: '添加附件' },
  file: { en: 'File (20 MiB at most)', zh: '文件（不超过 20 MiB）' },
  description: { en: 'What it is', zh: '说明' },
  download: { en: 'Download', zh: '下载' },
  remove: { en: 'Remove', zh: '移除' },
  removeCaution: { en: 'The file is gone and cannot be brought back.', zh: '文件将被删除，无法恢复。' },
  reason: { en: 'Reason', zh: '原因' },
  erased: { en: 'erased', zh: '已删除' },
  none: { en: 'There is no file.', zh: '没有附件。' },
} as const satisfies Record<string, Words>

/** Most of one ticket (rulebook §14). */
const mostAttachments = 50

/** `1.4 MB` */
const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

type AddProps = { path: string; onDone(): void; onClose(): void }

const Add = ({ path, onDone, onClose }: AddProps) => {
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
      send={(key) => {
        const body = new FormData()
        if (description.peek().trim() !== '') body.set('description', description.peek().trim())
        body.set('file', file.peek() as File)
        return send(path, { body, key })
      }}
      onDone={onDone}
      onClose={onClose}
    >
      <FileField
        text={say(words.file)}
        isMissing={isTried.value && file.value === null}
        onFile={(chosen) => {
          file.value = chosen
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

type ItemProps = {
  attachment: AttachmentAnswer
  mayRemove: boolean
  onDownload(): void
  onRemove(): void
}

const Item = ({ attachment, mayRemove, onDownload, onRemove }: ItemProps) => (
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
        <button type="button" class="quiet" data-act="download" onClick={onDownload}>
          {say(words.download)}
        </button>
      )}
      {mayRemove && (
        <button type="button" class="quiet" data-act="remove" onClick={onRemove}>
          {say(words.remove)}
        </button>
      )}
    </p>
  </li>
)

type Props = { ticket: TicketAnswer; onDone(): void; onProblem(problem: ApiProblem): void }

const Files = ({ ticket, onDone, onProblem }: Props) => {
  const path = `/v1/tickets/${encodeURIComponent(ticket.ticketNo)}/attachments`
  const { answer, readAgain } = useAnswer<{ items: AttachmentAnswer[] }>(
    path,
    (item) => item.ticketNo === ticket.ticketNo,
  )
  const open = useSignal<'add' | AttachmentAnswer | null>(null)
  const user = me.value
  if (answer.value === null || user === null) return null
  const { items } = answer.value
  const close = (): void => {
    open.value = null
  }
  const dialog = {
    onClose: close,
    onDone: () => {
      close()
      readAgain()
      onDone()
    },
  }
  const shown = open.value
  const download = ({ attachmentId, name }: AttachmentAnswer): void => {
    fetchAnswer(`${path}/${attachmentId}`, { accept: '*/*' })
      .then(async (file) => saveFile(await file.blob(), name ?? attachmentId))
      .catch((error: unknown) => error instanceof ApiProblem && onProblem(error))
  }
  return (
    <section aria-label={say(words.title)} class="attachments">
      <h2>{say(words.title)}</h2>
      {items.length === 0 && <p class="empty">{say(words.none)}</p>}
      <ul class="papers">
        {items.map((attachment) => (
          <Item
            key={attachment.attachmentId}
            attachment={attachment}
            mayRemove={mayRemoveAttachment(ticket, user)}
            onDownload={() => download(attachment)}
            onRemove={() => {
              open.value = attachment
            }}
          />
        ))}
      </ul>
      {mayAttach(ticket, user) && items.length < mostAttachments && (
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
          path={`${path}/${shown.attachmentId}/remove`}
          fields={[{ name: 'reason', text: words.reason, kind: 'area', isRequired: true }]}
          caution={say(words.removeCaution)}
          {...dialog}
        />
      )}
    </section>
  )
}

/** Nothing for those who do not see the customer. */
export const Attachments = (props: Props) => {
  const user = me.value
  return user !== null && maySeePerson(props.ticket, user) ? <Files {...props} /> : null
}
