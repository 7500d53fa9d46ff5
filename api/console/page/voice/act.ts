/** What acts on a sheet and on its items have in common: what they are about, the policy, and texts of their fields. */
import { signal } from '@preact/signals'
import type { VoicePolicy } from '../../../../domain/voice/policy.ts'
import type { Values } from '../acts/act.ts'
import type { ShownAttachment } from '../attachments/attachments.ts'
import { get } from '../core/api.ts'
import { fill } from '../core/fill.ts'
import type { Words } from '../core/words.ts'
import type { Me } from '../session/claims.ts'
import type { Sheet, SheetItem } from './sheet.ts'

export type OfSheet = { sheet: Sheet; files: readonly ShownAttachment[]; me: Me; now: number }
export type OfItem = OfSheet & { item: SheetItem }

export const policy = signal<VoicePolicy | null>(null)

export const loadPolicy = async (): Promise<void> => {
  policy.value = (await get<{ voice: VoicePolicy }>('/v1/policy')).data.voice
}

/** A text with its places filled in each language. */
export const filled = ({ en, zh }: Words, params: Readonly<Record<string, string | number>>): Words => ({
  en: fill(en, params),
  zh: fill(zh, params),
})

/** What was typed in a field. */
export const textOf = (values: Values, name: string): string => (values[name] ?? '').trim()

/** `1. 交车时间`: which item a field is about. */
export const itemTitle = (index: number, { indicator }: Pick<SheetItem, 'indicator'>): string =>
  `${index + 1}. ${indicator}`
