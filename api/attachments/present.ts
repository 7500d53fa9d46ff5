/** Attachments to the JSON of the contract. */
import { z } from 'zod'
import { type Attachment, attachmentTypeSchema } from '../../domain/attachments/attachments.ts'
import type { Reader } from '../commands/tickets/personal.ts'
import { instantOutput } from '../http/schemas.ts'

export const attachmentAnswer = z
  .object({
    attachmentId: z.string(),
    name: z
      .string()
      .nullable()
      .meta({ description: 'null, as description and sha256: the customer was erased.' }),
    description: z.string().nullable(),
    mediaType: attachmentTypeSchema,
    bytes: z.int(),
    sha256: z.string().nullable(),
    addedAt: instantOutput,
    addedBy: z.string(),
  })
  .meta({ id: 'Attachment' })
export type AttachmentAnswer = z.infer<typeof attachmentAnswer>

export const attachmentsAnswer = z.object({ items: z.array(attachmentAnswer) }).meta({ id: 'Attachments' })

export const presentAttachment = (
  { attachmentId, mediaType, bytes, text, addedAt, addedBy }: Attachment,
  reader: Reader,
): AttachmentAnswer => {
  const { name = null, description = null, sha256 = null } = reader.text(text)
  return { attachmentId, name, description, mediaType, bytes, sha256, addedAt, addedBy }
}
