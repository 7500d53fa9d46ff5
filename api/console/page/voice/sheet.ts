/** One sheet with its timeline and files, read again on news and after acts. */
import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { VoiceSheetAnswer } from '../../../voice/responseSchemas.ts'
import type { ShownAttachment } from '../attachments/attachments.ts'
import { ApiProblem, get } from '../core/api.ts'
import { keepRead } from '../lists/keepRead.ts'
import { position } from '../live/live.ts'
import type { StreamItem } from '../live/reader.ts'
import { me } from '../session/session.ts'
import { readTimeline, type TimelineItem } from '../ticket/read.ts'
import { mayOpenSheet } from './rights.ts'

export type Sheet = VoiceSheetAnswer
export type SheetItem = Sheet['items'][number]
export type WholeSheet = { sheet: Sheet; items: readonly TimelineItem[]; files: readonly ShownAttachment[] }

const gatherMs = 250

export const sheetPath = (sheetId: string): string => `/v1/voice/sheets/${encodeURIComponent(sheetId)}`

/** Whether an item is about a sheet; about that one where it is named. */
export const isOfSheet =
  (sheetId?: string) =>
  (item: StreamItem): boolean =>
    'sheetId' in item && (sheetId === undefined || item.sheetId === sheetId)

const readWhole = async (sheetId: string): Promise<WholeSheet> => {
  const path = sheetPath(sheetId)
  const [{ data: sheet }, items] = await Promise.all([
    get<Sheet>(path, { minPosition: position.peek() }),
    readTimeline(path),
  ])
  const user = me.peek()
  const isSeen = user !== null && mayOpenSheet(sheet, user)
  const files = isSeen ? (await get<{ items: ShownAttachment[] }>(`${path}/attachments`)).data.items : []
  return { sheet, items, files }
}

const createReading = (sheetId: string) => {
  const whole = signal<WholeSheet | null>(null)
  const kept = keepRead({
    gatherMs,
    concerns: isOfSheet(sheetId),
    read: async () => {
      try {
        whole.value = await readWhole(sheetId)
      } catch (error) {
        // it left the scope: nothing of it stays on the page
        if (error instanceof ApiProblem && error.status === 404) whole.value = null
        throw error
      }
    },
  })
  return { ...kept, whole }
}

/** The sheet of an id as long as a component is there. */
export const useSheet = (sheetId: string) => {
  const reading = useMemo(() => createReading(sheetId), [sheetId])
  useEffect(() => reading.end, [reading])
  return reading
}
