/** Attachments over the API: uploaded once however often a form is sent, and downloaded. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { AttachmentAnswer } from '../../../attachments/present.ts'
import { type Answer, fetchAnswer, send } from '../core/api.ts'
import { saveFile } from '../ticket/forms.ts'

export type ShownAttachment = AttachmentAnswer

/** Most of one owner (rulebook §14). */
export const mostAttachments = 50

/** `1.4 MB` */
export const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

type Upload = { description?: string; key: string; ifMatch?: string }

/** `path`: of the list of attachments. @throws ApiProblem */
export const uploadFile = (
  path: string,
  file: File,
  { description = '', ...options }: Upload,
): Promise<Answer<ShownAttachment>> => {
  const body = new FormData()
  if (description.trim() !== '') body.set('description', description.trim())
  body.set('file', file)
  return send<ShownAttachment>(path, { body, ...options })
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
     * Uploads each that is not there yet. `ifMatch`: the version of the owner, which every upload moves on.
     * Returns the ids of all, in order. @throws ApiProblem; what was uploaded before is not uploaded again
     */
    upload: async (
      path: string,
      { key, ifMatch, onVersion }: { key: string; ifMatch?: string; onVersion?(etag: string): void },
    ): Promise<string[]> => {
      let version = ifMatch
      for (const [index, file] of files.peek().entries()) {
        if (ids.current.has(file)) continue
        const added = await uploadFile(path, file, {
          key: `${key}-${index}`,
          ...(version !== undefined && { ifMatch: version }),
        })
        ids.current.set(file, added.data.attachmentId)
        if (version === undefined || added.version === null) continue
        version = added.version
        onVersion?.(version)
      }
      return files.peek().flatMap((file) => ids.current.get(file) ?? [])
    },
  }
}
