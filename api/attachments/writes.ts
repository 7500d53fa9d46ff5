/** Adding and removing attachments: the bytes first, then the event; of a removal the event first, then the bytes. */
import type { FastifyRequest } from 'fastify'
import type { Attachment, AttachmentAddedData } from '../../domain/attachments/attachments.ts'
import { cleanName } from '../../domain/attachments/name.ts'
import { type Position, StoreUnavailable } from '../../domain/eventStore.ts'
import { Refusal } from '../../domain/refusal.ts'
import { eventsOf } from '../../domain/storedEvents.ts'
import type { SubjectId } from '../../domain/subjectKeys.ts'
import { speakingOf } from '../commands/act.ts'
import { canonicalJson } from '../commands/canonicalJson.ts'
import type { CommandRow } from '../commands/deps.ts'
import { describeError } from '../commands/describeError.ts'
import { requireAccessLog } from '../http/access.ts'
import type { Deps } from '../http/deps.ts'
import { type Write, writeOnce } from '../http/idempotency.ts'
import { actOf } from '../tickets/requestContext.ts'
import { readUpload, type Upload } from './form.ts'
import { type Owner, type OwnerKind, requireMayOn } from './owners.ts'

/** What a write left. */
export type AttachmentResult = { attachment: Attachment; version: number; position: Position | null }

/** The attachment that a remembered command added, as its event has it. */
const addedAgain = async (
  deps: Deps,
  kind: OwnerKind,
  no: string,
  row: CommandRow,
): Promise<AttachmentResult> => {
  const events = eventsOf(await deps.store.readStream(kind.stream(no))).slice(0, row.toVersion)
  const found = events.slice(row.fromVersion - 1).find(({ type }) => type === kind.addedType)
  if (found === undefined) throw new Error('a command is remembered, but not the attachment it added')
  const { recordedAt, actor } = found.metadata
  const attachment = { ...(found.data as AttachmentAddedData), addedAt: recordedAt, addedBy: actor.id }
  const version = kind.versionAfter?.(no, events) ?? row.toVersion
  return { attachment, version, position: row.position }
}

/**
 * Stores the bytes and then appends their event. Where the event is refused, the bytes are removed; where nobody knows
 * whether it was written, they stay, and the next start looks whether anything names them.
 */
const add = async (
  deps: Deps,
  request: FastifyRequest,
  kind: OwnerKind,
  { owner, upload, write }: { owner: Owner; upload: Upload; write: Write },
): Promise<AttachmentResult> => {
  const { received, filename, description } = upload
  const { attachmentId, mediaType, bytes, sha256 } = received
  const act = speakingOf(actOf(deps, request, write), owner.subjectId)
  await received.keep()
  const remove = (): Promise<void> =>
    deps.attachments.remove({ subjectId: owner.subjectId, attachmentId }).catch((error: unknown) => {
      deps.log.warn({ error: describeError(error) }, 'the bytes of a refused attachment are removed later')
    })
  const words = { name: cleanName(filename, mediaType), description, sha256 }
  const made = (subjectId: SubjectId) => {
    if (deps.subjects.get(subjectId) === null) throw new Refusal('customer_erased')
    return {
      type: 'AddAttachment' as const,
      attachmentId,
      mediaType,
      bytes,
      text: deps.sealing.seal(subjectId, words),
    }
  }
  try {
    const { version, position } = await kind.give(deps, request, { act, action: kind.adds, made })
    // as it was appended: the text is sealed once more when another writer was faster
    const owned = (await kind.find(deps, request)).attachments
    const attachment = owned.find((each) => each.attachmentId === attachmentId)
    if (attachment === undefined) throw new Error('an attachment was added that is not there')
    return { attachment, version, position }
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) await remove()
    throw error
  }
}

/** The body of the write as its key compares it: what the parts say, whatever their borders. */
const bodyOf = ({ filename, description, received }: Upload): string =>
  canonicalJson({ filename, description, sha256: received.sha256 })

/** Takes an upload in and adds it once. @throws as `readUpload`, `writeOnce`, `OwnerKind.give` */
export const addOnce = async (
  deps: Deps,
  request: FastifyRequest,
  kind: OwnerKind,
): Promise<{ answer: AttachmentResult; replayed: boolean }> => {
  const owner = await kind.find(deps, request)
  requireAccessLog(deps)
  const upload = await readUpload(request, (file) => deps.attachments.receive(owner.subjectId, file))
  request.parsedBody = bodyOf(upload)
  try {
    return await writeOnce<AttachmentResult>(deps, request, {
      permit: async () => requireMayOn(request, [kind.adds], await kind.find(deps, request)),
      fresh: (write) => add(deps, request, kind, { owner, upload, write }),
      again: ([row]) => addedAgain(deps, kind, owner.no, row as CommandRow),
      subjectOf: () => owner.subjectId,
    })
  } finally {
    await upload.received.discard()
  }
}

/** Removes one, and then its bytes. @throws Refusal `attachment_not_found`, and as `OwnerKind.give` */
export const removeOnce = async (
  deps: Deps,
  request: FastifyRequest,
  kind: OwnerKind,
  { attachmentId, reason }: { attachmentId: string; reason: string },
): Promise<{ answer: Omit<AttachmentResult, 'attachment'>; replayed: boolean }> => {
  const { no, subjectId } = await kind.find(deps, request)
  const written = await writeOnce<Omit<AttachmentResult, 'attachment'>>(deps, request, {
    permit: async () => requireMayOn(request, ['remove_attachment'], await kind.find(deps, request)),
    fresh: async (write) => {
      const act = speakingOf(actOf(deps, request, write), subjectId)
      const made = (subject: SubjectId) => ({
        type: 'RemoveAttachment' as const,
        attachmentId,
        text: deps.sealing.seal(subject, { reason }),
      })
      return kind.give(deps, request, { act, action: 'remove_attachment', made })
    },
    again: async ([row]) => {
      const { toVersion, position } = row as CommandRow
      const events = eventsOf(await deps.store.readStream(kind.stream(no))).slice(0, toVersion)
      return { version: kind.versionAfter?.(no, events) ?? toVersion, position }
    },
    subjectOf: () => subjectId,
  })
  await deps.attachments.remove({ subjectId, attachmentId }).catch((error: unknown) => {
    deps.log.warn({ error: describeError(error) }, 'the bytes of a removed attachment are removed later')
  })
  return written
}
