/**
 * Items of a call that takes more than one append (rulebook §16). All of it is kept in a stream of its own before the
 * first item is entered, so that after a crash either all items are entered or none.
 */
import { z } from 'zod'
import { type Aggregate, authoriseBy } from '../aggregate.ts'
import { type SealedText, sealedSchema } from '../sealed.ts'

/** The events of the streams `voiceBatch-<batchId>`. */
export const voiceBatchEventData = {
  /** Some of the items, sealed with a key of the batch, which is destroyed once the items are entered. */
  VoiceBatchKept: z.strictObject({ keyId: z.string(), text: sealedSchema }),
  /** All items are kept: they will be entered. `subjectId`: of the first, whose key the call's digest is made with. */
  VoiceBatchAccepted: z.strictObject({ subjectId: z.string() }),
  /** The items are entered; or not all of them were kept, and none is. */
  VoiceBatchEnded: z.strictObject({}),
}

type Data = typeof voiceBatchEventData
export type VoiceBatchEvent = { [T in keyof Data]: { type: T; data: z.infer<Data[T]> } }[keyof Data]

export type VoiceBatch = { keyId: string; texts: SealedText[]; isAccepted: boolean; isEnded: boolean }

type BatchCommand = {
  /** `subjectId`: of the call's first item, with the last part; else `null`. */
  KeepPart: { keyId: string; text: SealedText; subjectId: string | null }
  EndBatch: object
}
export type VoiceBatchCommand = {
  [T in keyof BatchCommand]: { type: T } & BatchCommand[T]
}[keyof BatchCommand]

const prefix = 'voiceBatch-'

/** Whether a stream is about such a call. */
export const isVoiceBatchStream = (stream: string): boolean => stream.startsWith(prefix)
export const batchOfStream = (stream: string): string => stream.slice(prefix.length)

const empty: VoiceBatch = { keyId: '', texts: [], isAccepted: false, isEnded: false }

const evolve = (state: VoiceBatch | null, event: VoiceBatchEvent): VoiceBatch => {
  const batch = state ?? empty
  if (event.type === 'VoiceBatchKept')
    return { ...batch, keyId: event.data.keyId, texts: [...batch.texts, event.data.text] }
  return event.type === 'VoiceBatchAccepted' ? { ...batch, isAccepted: true } : { ...batch, isEnded: true }
}

const decide = (state: VoiceBatch | null, command: VoiceBatchCommand): VoiceBatchEvent[] => {
  if (command.type === 'EndBatch')
    return state === null || state.isEnded ? [] : [{ type: 'VoiceBatchEnded', data: {} }]
  if (state?.isAccepted || state?.isEnded) return []
  const { keyId, text, subjectId } = command
  const kept: VoiceBatchEvent = { type: 'VoiceBatchKept', data: { keyId, text } }
  return subjectId === null ? [kept] : [kept, { type: 'VoiceBatchAccepted', data: { subjectId } }]
}

export const voiceBatchAggregate: Aggregate<VoiceBatch, VoiceBatchCommand, VoiceBatchEvent> = {
  stream: (batchId) => prefix + batchId,
  evolve,
  decide,
  authorise: authoriseBy<VoiceBatchCommand>({ KeepPart: 'keep_voice', EndBatch: 'keep_voice' }),
}
