/**
 * Attachments of tickets and inquiries (rulebook §14): the types and limits, what their events say, and the acts. Pure
 * functions; the bytes are behind the port `AttachmentFiles`.
 */

import { z } from 'zod'
import { codesOf } from '../codeList.ts'
import type { Instant } from '../instant.ts'
import { Refusal, type Words } from '../refusal.ts'
import { sealedSchema } from '../sealed.ts'

/** Most bytes of one attachment, 20 MiB, and most attachments of one ticket or inquiry at a time. */
export const maxAttachmentBytes = 20 * 1024 * 1024
export const mostAttachments = 50

/** The media types that are taken, each with the ending of a file name. */
export const attachmentTypes = {
  'application/pdf': { ending: 'pdf', en: 'PDF', zh: 'PDF 文档' },
  'image/jpeg': { ending: 'jpg', en: 'JPEG picture', zh: 'JPEG 图片' },
  'image/png': { ending: 'png', en: 'PNG picture', zh: 'PNG 图片' },
  'image/webp': { ending: 'webp', en: 'WebP picture', zh: 'WebP 图片' },
  'image/tiff': { ending: 'tif', en: 'TIFF picture', zh: 'TIFF 图片' },
  'audio/mpeg': { ending: 'mp3', en: 'MP3 recording', zh: 'MP3 录音' },
  'audio/mp4': { ending: 'm4a', en: 'M4A recording', zh: 'M4A 录音' },
  'audio/wav': { ending: 'wav', en: 'WAV recording', zh: 'WAV 录音' },
  'audio/amr': { ending: 'amr', en: 'AMR recording', zh: 'AMR 录音' },
  'text/plain': { ending: 'txt', en: 'text', zh: '文本' },
  'message/rfc822': { ending: 'eml', en: 'e-mail', zh: '电子邮件' },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': {
    ending: 'docx',
    en: 'Word document',
    zh: 'Word 文档',
  },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
    ending: 'xlsx',
    en: 'Excel workbook',
    zh: 'Excel 工作簿',
  },
} as const satisfies Record<string, Words & { ending: string }>
export type AttachmentType = keyof typeof attachmentTypes
export const attachmentTypeSchema = z.enum(codesOf(attachmentTypes))

/** The form of an id, a UUID: it is also the name of the stored file. */
export const attachmentIdForm = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
export const attachmentIdSchema = z.string().regex(attachmentIdForm)

/** `text`: sealed name, description and SHA-256 of the bytes, because a digest of a known file tells who sent it. */
export const attachmentAdded = z.strictObject({
  attachmentId: attachmentIdSchema,
  mediaType: attachmentTypeSchema,
  bytes: z.int().min(1).max(maxAttachmentBytes),
  text: sealedSchema,
})
/** `text`: sealed reason. */
export const attachmentRemoved = z.strictObject({ attachmentId: attachmentIdSchema, text: sealedSchema })
export type AttachmentAddedData = z.infer<typeof attachmentAdded>
export type AttachmentRemovedData = z.infer<typeof attachmentRemoved>

/** The types of all events that add an attachment, remove one, or take all of a customer. */
export const attachmentEventTypes = [
  'AttachmentAdded',
  'AttachmentRemoved',
  'InquiryAttachmentAdded',
  'InquiryAttachmentRemoved',
  'VoiceAttachmentAdded',
  'VoiceAttachmentRemoved',
  'SubjectErased',
] as const

/** An attachment that was not removed. */
export type Attachment = AttachmentAddedData & { addedAt: Instant; addedBy: string }

/** @throws Refusal `too_many_attachments` */
export const requireRoomFor = (attachments: readonly Attachment[]): void => {
  if (attachments.length >= mostAttachments)
    throw new Refusal('too_many_attachments', { most: mostAttachments })
}

/** @throws Refusal `attachment_not_found` */
export const findAttachment = (attachments: readonly Attachment[], attachmentId: string): Attachment => {
  const found = attachments.find((each) => each.attachmentId === attachmentId)
  if (found === undefined) throw new Refusal('attachment_not_found', { attachment: attachmentId })
  return found
}

type EventAuthor = { recordedAt: Instant; actor: { id: string } }

/** The list after one more, and without one. */
export const withAttachment = (
  attachments: readonly Attachment[],
  added: AttachmentAddedData,
  { recordedAt, actor }: EventAuthor,
): Attachment[] => [...attachments, { ...added, addedAt: recordedAt, addedBy: actor.id }]
export const withoutAttachment = (
  attachments: readonly Attachment[],
  { attachmentId }: AttachmentRemovedData,
): Attachment[] => attachments.filter((each) => each.attachmentId !== attachmentId)
