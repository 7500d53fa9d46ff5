/** The language of the page, and its texts: every text is a pair, so none can be missing in one language. */
import { signal } from '@preact/signals'
import type { Words } from '../../../../domain/refusal.ts'
import type { Language } from '../../../http/problems.ts'
import { fill, type Params, pseudo } from './fill.ts'
import { preferences } from './storage.ts'

export type { Language, Words }

/** Language tags as HTML and HTTP have them. */
export const tags: Record<Language, string> = { zh: 'zh-CN', en: 'en' }

const ofBrowser = (): Language => {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())
  return wanted.find((tag): tag is Language => tag === 'zh' || tag === 'en') ?? 'en'
}

const kept = preferences.get('language')

export const language = signal<Language>(kept === 'zh' || kept === 'en' ? kept : ofBrowser())

/** Shows every text in a made-up language: for tests, by `?pseudo` in the address. */
const isPseudo = new URLSearchParams(location.search).has('pseudo')

export const setLanguage = (wanted: Language): void => {
  language.value = wanted
  preferences.set('language', wanted)
}

/** The text in the language chosen; whatever reads it is shown again when that changes. */
export const say = (words: Words, params: Params = {}): string => {
  const text = fill(words[language.value], params)
  return isPseudo ? pseudo(text) : text
}

/** A text that comes in the language chosen from the API. */
export const said = (text: string): string => (isPseudo ? pseudo(text) : text)

/** Marks data in a drawing, which has no property for it, as no text to translate. */
export const asData: object = { translate: 'no' }
