/** The events of attachments as sentences of a timeline; names are in the event's data. */
import { type AttachmentAddedData, attachmentTypes } from '../../domain/attachments/attachments.ts'
import type { Words } from '../../domain/refusal.ts'

/** `2.4 MB`, `12 kB` */
const sizeOf = (bytes: number): string =>
  bytes >= 1_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1_000))} kB`

export const attachedWords = ({
  mediaType,
  bytes,
}: Pick<AttachmentAddedData, 'mediaType' | 'bytes'>): Words => ({
  en: `Attachment added: ${attachmentTypes[mediaType].en}, ${sizeOf(bytes)}`,
  zh: `添加附件：${attachmentTypes[mediaType].zh}，${sizeOf(bytes)}`,
})
export const removedWords: Words = { en: 'Attachment removed', zh: '删除附件' }
