/** Attachments over the API: uploaded once however often a form is sent, and downloaded. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { AttachmentAnswer } from '../../../attachments/present.ts'
import { noteOwnVersion } from '../acts/ownVersions.ts'
import { type Answer, fetchAnswer, send } from '../core/api.ts'
import { saveFile } from '../ticket/forms.ts'

export type ShownAttachment = AttachmentAnswer

/** Most of one owner (rulebook §14). */
export const mostAttachments = 50

/** `1.4 MB` */
export const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

/** What the list of attachments at a path is of. */
const ownerOf = (path: string): string => path.replace(/\/attachments$/, '')

/** `decidedOn`: the version of the owner that the user saw, where it matters. */
type Upload = { description?: string; key: string; decidedOn?: number }

/** `path`: of the list of attachments. @throws ApiProblem */
export const uploadFile = async (
  path: string,
  file: File,
  { description = '', key, decidedOn }: Upload,
): Promise<Answer<ShownAttachment>> => {
  const body = new FormData()
  if (description.trim() !== '') body.set('description', description.trim())
  body.set('file', file)
  const ifMatch = decidedOn === undefined ? {} : { ifMatch: `"${decidedOn}"` }
  const answer = await send<ShownAttachment>(path, { body, key, ...ifMatch })
  noteOwnVersion(ownerOf(path), answer.version, decidedOn)
  return answer
}

/** `path`: of the list of attachments. @throws ApiProblem */
export const removeFile = async (
  path: string,
  attachmentId: string,
  options: { body: unknown; key: string },
): Promise<void> => {
  const { version } = await send(`${path}/${attachmentId}/remove`, options)
  noteOwnVersion(ownerOf(path), version)
}

/** Saves the content of one. @throws ApiProblem */
export const download = async (
  path: string,
  { attachmentId, name }: Pick<ShownAttachment, 'attachmentId' | 'name'>,
): Promise<void> => {
  const answer = await fetchAnswer(`${path}/${attachmentId}`, { accept: '*/*' })
  saveFile(await answer.blob(), name ?? attachmentId)
}

/** Files that are chosen in a form and uploaded when it is sent. */
export const useUploads = () => {
  const files = useSignal<readonly File[]>([])
  const ids = useRef(new Map<File, string>())
  return {
    choose: (chosen: readonly File[]): void => {
      files.value = chosen
    },
    /**
     * Uploads each that is not there yet. `decidedOn`: the version of the owner to send, which every upload moves on.
     * Returns the ids of all, in order. @throws ApiProblem; what was uploaded before is not uploaded again
     */
    upload: async (
      path: string,
      { key, decidedOn }: { key: string; decidedOn?(): number },
    ): Promise<string[]> => {
      for (const [index, file] of files.peek().entries()) {
        if (ids.current.has(file)) continue
        const added = await uploadFile(path, file, {
          key: `${key}-${index}`,
          ...(decidedOn !== undefined && { decidedOn: decidedOn() }),
        })
        ids.current.set(file, added.data.attachmentId)
      }
      return files.peek().flatMap((file) => ids.current.get(file) ?? [])
    },
  }
}
